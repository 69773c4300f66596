/** Signals that are facts about the answer's text. */
export type AnswerSignal = 'answer_words' | 'answer_refusal' | 'answer_label'

/** How models say that they cannot answer, at the start of an answer. */
const refusals =
  /^(?:unanswerable|unknown$|none$|n\/a$|no answer|not (?:answerable|mentioned|specified|given|stated|provided|enough information)|i (?:don't|do not) (?:know|have|see|find)|i (?:cannot|can't|could not|couldn't|am unable|am not able|am not sure)|i'm (?:sorry|unable|not able|not sure)|sorry|there is (?:no|not enough) (?:answer|mention|information|context)|the (?:text|passage|article|context|document|paper) does not|it is (?:not (?:mentioned|clear|known|specified|stated)|unclear|unknown)|(?:this |it )?cannot be (?:answered|determined))(?!\w)/

/** Answers from a short list, of which one is right by chance now and then. */
const labels =
  /^(?:yes|no|true|false|maybe|both|neither|entailment|contradiction|neutral|positive|negative|\(?[a-e]\)?)$/

/**
 * Facts about an answer that need no model: its length in words, and, as 0 or 1, whether it is a refusal
 * ("unanswerable") or one of few labels ("yes", "B").
 */
export function answerSignals(text: string): Record<AnswerSignal, number> {
  const plain = text.trim().toLowerCase().replaceAll('’', "'")
  const bare = plain.replaceAll(/^["'“]+|["'”.!,;:]+$/g, '')
  return {
    answer_words: plain === '' ? 0 : plain.split(/\s+/).length,
    answer_refusal: bare === '' || refusals.test(bare) ? 1 : 0,
    answer_label: labels.test(bare) ? 1 : 0,
  }
}
