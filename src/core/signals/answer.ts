/** Signals that are facts about the answer's text. */
export type AnswerSignal = 'answer_words' | 'answer_refusal' | 'answer_label'

/** How models say that they cannot answer. */
const refusals =
  /^(?:unanswerable|unknown|none|n\/a|not (?:answerable|mentioned|specified|given|stated|provided|enough information)|no answer|i (?:don't|do not|cannot|can't|am unable|am not able)|i'm (?:sorry|unable|not able|not sure)|sorry\b|there is (?:no|not enough) |the (?:text|passage|article|context|document) does not|it is (?:not|un)(?: ?(?:mentioned|clear|known|specified|stated))|cannot be (?:answered|determined))/

/** Answers from a short list, of which one is right by chance now and then. */
const labels =
  /^(?:yes|no|true|false|maybe|both|neither|entailment|contradiction|neutral|positive|negative|\(?[a-e]\)?)$/

/**
 * Facts about an answer that need no model: its length in words, and, as 0 or 1, whether it is a refusal
 * ("unanswerable") or one of few labels ("yes", "B").
 */
export function answerSignals(text: string): Record<AnswerSignal, number> {
  const plain = text.trim().toLowerCase().replaceAll('’', "'")
  const bare = plain.replace(/[.!,;:]+$/, '')
  return {
    answer_words: plain === '' ? 0 : plain.split(/\s+/).length,
    answer_refusal: plain === '' || refusals.test(plain) ? 1 : 0,
    answer_label: labels.test(bare) ? 1 : 0,
  }
}
