import { answerTrace } from './answer-trace.ts'
import { withoutPrompt } from './echoed-prompt.ts'
import { faultAt } from './fault.ts'
import type { FinishReason, ModelEvent, Usage } from '../model.ts'
import type { RequestFacts } from './request-facts.ts'
import { errorIn } from './server-said.ts'
import { answerFault, type Asker } from './status-fault.ts'
import { fieldsOf, listOf, type Fields } from './wire.ts'
import { nativePart, ownTokens, partOf, type Part } from './part.ts'
import { tokenReader } from './tokens.ts'
import { usageOf, usedReasoning } from './usage.ts'

/** Reads the JSON values of one answer: one, or the many of a stream. */
export interface AnswerReader {
  /** @throws ModelError where the value is, or holds, an error */
  take(value: unknown): ModelEvent[]
  /**
   * The end of the answer, with its usage and its `finish`. `marked`: the server said that it is the end.
   * @throws ModelError where there was no answer, or no end of it
   */
  end(marked: boolean): ModelEvent[]
}

export function answerReader(asker: Asker, { k, echo, texts }: RequestFacts): AnswerReader {
  const read = tokenReader(k, texts)
  const trace = answerTrace()
  const answer = echo === undefined ? (part: Part) => part : withoutPrompt(echo.prompt)
  let seen = false
  let finish: FinishReason | undefined
  let toolCalls = false
  let usage: Usage | undefined

  function partIn(fields: Fields): Part | undefined {
    const choices = listOf(fields.choices)
    if (choices === undefined) return 'content' in fields && 'stop' in fields ? nativePart(fields, read) : undefined
    const choice = firstChoice(choices)
    const error = choice && errorIn(choice)
    if (error !== undefined) throw answerFault(asker, error)
    const part = choice && partOf(choice, read)
    if (part === undefined || fields.completion_probabilities === undefined) return part
    return { ...part, tokens: ownTokens(fields.completion_probabilities, read) }
  }

  return {
    take(value) {
      const fields = fieldsOf(value)
      if (fields === undefined) throw faultAt(asker, 'the answer is no JSON object; is this the URL of a model server?')
      const error = errorIn(fields)
      if (error !== undefined) throw answerFault(asker, error)
      // Some servers count anew with every piece; the last count is of the whole answer.
      usage = usageOf(fields) ?? usage
      const found = partIn(fields)
      if (found === undefined) return []
      seen = true
      const part = answer(found)
      toolCalls ||= part.tools.length > 0
      if (part.finish !== undefined) finish = reasons[part.finish] ?? 'other'
      const events: ModelEvent[] = part.text === '' ? [] : [{ type: 'text', text: part.text }]
      for (const text of part.tools) if (text !== '') events.push({ type: 'tool', text })
      if (part.reasoning) events.push({ type: 'reasoning' })
      const reasoning = part.reasoning || usedReasoning(fields)
      for (const token of trace.add(reasoning === part.reasoning ? part : { ...part, reasoning })) events.push(token)
      return events
    },
    end(marked) {
      if (!seen) throw faultAt(asker, 'the answer holds no choice; does this server offer the API that was asked?')
      if (finish === undefined && !marked)
        throw faultAt(asker, 'the answer stopped short of its end; the log of the server may say why', {
          retryable: true,
        })
      const events: ModelEvent[] = trace.end()
      if (usage !== undefined) events.push({ type: 'usage', usage })
      events.push({ type: 'finish', reason: toolCalls ? 'other' : (finish ?? 'other') })
      return events
    },
  }
}

const reasons: Partial<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  length: 'length',
  max_tokens: 'length',
}

/** Of several choices, the first one; a piece of a stream may hold just another one. */
function firstChoice(choices: readonly unknown[]): Fields | undefined {
  for (const each of choices) {
    const choice = fieldsOf(each)
    if (choice !== undefined && (choice.index ?? 0) === 0) return choice
  }
  return undefined
}
