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
  const spans: Span[] = []
  const isOpen = ({ complete, summary, tokens }: Span) => complete && summary.count() < tokens
  return {
    over(tokens) {
      const known = spans.find((span) => span.tokens === tokens)
      if (known !== undefined) return known
      const span = { tokens, summary: runningSummary(), complete: true }
      spans.push(span)
      return span
    },
    push(step) {
      if (!spans.some(isOpen)) return
      const reading = read(step)
      for (const span of spans) {
        if (!isOpen(span)) continue
        if (reading === undefined) span.complete = false
        else span.summary.add(reading)
      }
    },
  }
}
