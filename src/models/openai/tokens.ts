import { ROUNDING } from '../../core/signals/scale.ts'
import type { TokenStep } from '../../core/signals/trace.ts'
import { tokenTexts } from './token-text.ts'
import { fieldsOf, listOf, numberOf, textOf, type Fields } from './wire.ts'

/** A token as a server tells it. */
export interface WireToken {
  step: TokenStep
  /** Neither text nor bytes: the mark of an end. */
  blank: boolean
}

/** Reads the tokens of one answer, in order. */
export interface TokenReader {
  /** `{token, logprob, bytes, top_logprobs: [{logprob}]}`: of chats, and of llama.cpp everywhere. */
  entries(list: readonly unknown[]): WireToken[]
  /** `{tokens, token_logprobs, top_logprobs: [{text: logprob}]}`: of completions. */
  columns(columns: Fields): WireToken[]
}

/** OpenAI and vLLM say this of tokens so unlikely that they do not say how unlikely. */
const UNTOLD = -9999

/** A token that might have been chosen. */
interface Alternative {
  text: string | undefined
  logprob: number
}

/**
 * @param k how many alternatives were asked for; without it, all are taken that there are
 * @param texts whether their texts are kept
 */
export function tokenReader(k?: number, texts = false): TokenReader {
  const read = tokenTexts()
  const tokenOf = (
    text: string | undefined,
    bytes: number,
    told: unknown,
    listed: readonly Alternative[] | undefined,
  ) => {
    const step: TokenStep = {}
    if (text !== undefined) step.text = text
    const logprob = logprobOf(told)
    if (logprob !== undefined && logprob > UNTOLD) step.logprob = logprob
    const alternatives = listed && mostLikely(listed, logprob, k)
    if (alternatives !== undefined) {
      step.alternatives = alternatives.map((each) => each.logprob)
      if (texts) step.alternativeTexts = alternatives.map((each) => each.text ?? '')
    }
    return { step, blank: text === '' && bytes === 0 }
  }
  return {
    entries: (list) =>
      list.map((item) => {
        const entry = fieldsOf(item) ?? {}
        const listed = listOf(entry.top_logprobs)?.map((each) => {
          const { token, logprob } = fieldsOf(each) ?? {}
          return [textOf(token), logprob] as const
        })
        const bytes = listOf(entry.bytes)?.length ?? 0
        return tokenOf(read(textOf(entry.token), entry.bytes), bytes, entry.logprob, listed && alternativesIn(listed))
      }),
    columns: ({ tokens, token_logprobs: logprobs, top_logprobs: tops }) =>
      (listOf(tokens) ?? []).map((token, i) => {
        const top = fieldsOf(listOf(tops)?.[i])
        return tokenOf(textOf(token), 0, listOf(logprobs)?.[i], top && alternativesIn(Object.entries(top)))
      }),
  }
}

/** What is above 0 by more than rounding is no log-probability. There is no −0. */
function logprobOf(value: unknown): number | undefined {
  const number = numberOf(value)
  return number !== undefined && number <= ROUNDING ? Math.min(0, number) + 0 : undefined
}

function alternativesIn(listed: readonly (readonly [text: string | undefined, logprob: unknown])[]): Alternative[] {
  const found: Alternative[] = []
  for (const [text, value] of listed) {
    const logprob = logprobOf(value)
    if (logprob !== undefined) found.push({ text, logprob })
  }
  return found
}

/**
 * The k most likely of what a server lists. Completions list the chosen token besides, where it is not one of them: k + 1.
 *
 * vLLM's chats put the chosen token first and cut the list at k, so that a chosen token of a lower rank takes the place
 * of the k-th: where it is listed first although it is the least likely, it is left out, and k − 1 remain.
 */
function mostLikely(listed: readonly Alternative[], chosen: number | undefined, k: number | undefined) {
  if (listed.length === 0 || k === 0) return undefined
  const sorted = isSorted(listed) ? listed : listed.toSorted((a, b) => b.logprob - a.logprob)
  if (k === undefined || listed.length < k) return sorted
  const [first] = listed
  const intruder =
    sorted !== listed && listed.length === k && first.logprob === chosen && first.logprob === sorted[k - 1].logprob
  return sorted.slice(0, intruder ? k - 1 : k)
}

function isSorted(list: readonly Alternative[]): boolean {
  for (let i = 1; i < list.length; i++) if (list[i].logprob > list[i - 1].logprob) return false
  return true
}
