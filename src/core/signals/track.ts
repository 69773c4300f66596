import { runningSummary, type RunningSummary } from './running-summary.ts'
import type { Reading } from './token-readings.ts'
import type { TokenStep } from './trace.ts'

/** The readings over the first tokens of an answer, in summary. */
export interface Span {
  readonly tokens: number
  readonly summary: RunningSummary
  /** Whether every token so far that it covers gave a reading. */
  complete: boolean
}

/** One kind of reading of an answer's tokens, over all spans that signals ask for. */
export interface Track {
  /** The span over so many tokens from the start; to be asked for before the first token. */
  over(tokens: number): Span
  push(step: TokenStep): void
}

export function trackOf(read: Reading): Track {
  const spans = new Map<number, Span>()
  return {
    over(tokens) {
      const span = spans.get(tokens) ?? { tokens, summary: runningSummary(), complete: true }
      spans.set(tokens, span)
      return span
    },
    push(step) {
      const open = [...spans.values()].filter((span) => span.complete && span.summary.count() < span.tokens)
      if (open.length === 0) return
      const reading = read(step)
      for (const span of open) {
        if (reading === undefined) span.complete = false
        else span.summary.add(reading)
      }
    },
  }
}
