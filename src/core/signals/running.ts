import { readings, type ReadingName, type TraceOptions } from './token-readings.ts'
import { traceSignal, type SignalRange } from './trace-signals.ts'
import type { TokenStep, TokenTrace } from './trace.ts'
import { trackOf, type Span, type Track } from './track.ts'

/** Signals by name; one without a value is absent. */
export type SignalValues = Partial<Record<string, number>>

export interface RunningSignals {
  push(step: TokenStep): void
  /** The signals of the answer so far, as if it ended here: those `_at_k` stand still from token k on. */
  values(): SignalValues
  /**
   * What the signals can still become if at most `left` tokens come (without a limit: Infinity), each with all that
   * the signal is made of. One that will stay as it is comes as a number, and is absent where it will stay missing.
   */
  ranges(left: number): Partial<Record<string, number | SignalRange>>
  /** Whether no further token changes any of the signals. */
  settled(): boolean
}

/**
 * Signals of an answer while it is generated. A signal has no value before the first token, from the first token on
 * that it covers and that lacks what it is made of, and where its value is not finite.
 * @throws RangeError where a name is no signal of a token trace, or `topK` no number of alternatives
 */
export function runningSignals(names: readonly string[], options: TraceOptions = {}): RunningSignals {
  const { topK = 0 } = options
  if (!Number.isSafeInteger(topK) || topK < 0) throw new RangeError(`topK is ${topK}, not a number of alternatives`)
  const tracks = new Map<ReadingName, Track>()
  const wanted = names.map((name) => {
    const { of, tokens, value, range } = traceSignal(name)
    const track = tracks.get(of) ?? trackOf(readings[of](options))
    tracks.set(of, track)
    return { name, span: track.over(tokens), value, range }
  })
  const isSettled = ({ complete, summary, tokens }: Span) => !complete || summary.count() >= tokens
  const all = [...tracks.values()]
  return {
    push(step) {
      for (const track of all) track.push(step)
    },
    values() {
      const values: SignalValues = {}
      for (const { name, span, value } of wanted) {
        const known = span.complete && span.summary.count() > 0 ? value(span.summary) : NaN
        if (Number.isFinite(known)) values[name] = known
      }
      return values
    },
    ranges(left) {
      const ranges: Partial<Record<string, number | SignalRange>> = {}
      for (const { name, span, value, range } of wanted) {
        const { summary, tokens } = span
        if (!isSettled(span))
          ranges[name] = summary.count() === 0 ? {} : range(summary, Math.min(left, tokens - summary.count()))
        else if (span.complete && Number.isFinite(value(summary))) ranges[name] = value(summary)
      }
      return ranges
    },
    settled: () => wanted.every(({ span }) => isSettled(span)),
  }
}

/** Signals of a whole answer; for missing values and errors see `runningSignals`. */
export function traceSignals(trace: TokenTrace, names: readonly string[], options?: TraceOptions): SignalValues {
  const running = runningSignals(names, options)
  for (const step of trace) running.push(step)
  return running.values()
}
