import { resolveCosts, type CostOptions } from '../../core/outcomes/costs.ts'
import type { Finding } from '../../core/outcomes/findings.ts'
import { findColumn, type Outcomes } from '../../core/outcomes/outcomes.ts'
import { DEFAULT_WRONG_BELOW } from '../../core/metrics/metrics.ts'
import { DEFAULT_RESAMPLES } from '../../core/stats/bootstrap.ts'
import type { Work } from '../../core/stats/work.ts'
import { sortSignal } from '../../core/sweep/curve.ts'
import { sweep } from '../../core/sweep.ts'
import type { CompareResult } from '../../core/tune/compare.ts'
import type { TuneResult } from '../../core/tune/tune.ts'
import type { Inputs } from '../json.ts'
import { tuneVerdict } from '../promise-words.ts'
import { aboutOf } from './about.ts'
import { examplesOf } from './examples.ts'
import type { FigureData, SignalFigure } from './figure-data.ts'
import { comparedPolicies, tunedPolicies } from './policies.ts'
import { signalFigure } from './signal-figure.ts'
import { thinned } from './thin.ts'

/** What figures are computed at. */
export interface FigureOptions {
  costs?: CostOptions
  /** Of every interval. Default: 0.95. */
  confidence?: number
  resamples?: number
  /** Default: 1. */
  seed?: number
  /** At how many thresholds of a signal a reader can stop: 2 to 512. Default: 201. */
  stops?: number
  /** A small answer of a quality below this counts as wrong. Default: 0.5. */
  wrongBelow?: number
  /** Default: the names of the data sets. */
  title?: string
  /** The signal that is looked at first, by default the best; a threshold of it is a stop, and the one to open with. */
  opening?: { signal?: string; threshold?: number }
  /** Whether only that signal has intervals, which saves most of the time. Default: every signal has. */
  onlyOpening?: boolean
  /** Rows with their texts, where the reader kept them. Default: yes. */
  examples?: boolean
  tuned?: TuneResult
  compared?: CompareResult
}

const STOPS = 201

/**
 * Everything that charts and pages show, from outcomes; long work, most of it resampling.
 * @throws SpillwayError where there are no outcomes, no signal has a value, or costs are unknown
 */
export function* figureData(
  outcomes: Outcomes,
  findings: readonly Finding[],
  inputs: Inputs,
  options: FigureOptions = {},
): Work<FigureData> {
  const { seed = 1, confidence = 0.95, resamples = DEFAULT_RESAMPLES, wrongBelow = DEFAULT_WRONG_BELOW } = options
  const { stops = STOPS, opening = {}, onlyOpening = false, tuned, compared } = options
  const costs = resolveCosts(outcomes, options.costs)
  const swept = sweep(outcomes, { costs: options.costs, wrongBelow })
  const sorted = swept.signals.map(({ signal }) => sortSignal(findColumn(outcomes, signal)!))
  const first = opening.signal ?? swept.signals[0].signal
  const signals: SignalFigure[] = []
  for (const [i, signal] of swept.signals.entries()) {
    const isFirst = signal.signal === first
    const work = signalFigure(outcomes, sorted[i], signal, costs, {
      confidence,
      seed,
      wrongBelow,
      resamples: isFirst || !onlyOpening ? resamples : 0,
      stops: Math.max(2, stops),
      threshold: isFirst ? opening.threshold : undefined,
    })
    signals.push(yield* partOf(work, `resampling ${signal.signal}`, i, sorted.length))
  }
  const examples = options.examples === false ? undefined : examplesOf(outcomes, sorted, costs, seed)
  return {
    formatVersion: 1,
    about: aboutOf(outcomes, inputs, costs, { title: options.title, confidence, resamples, seed, wrongBelow }),
    findings: [...findings],
    base: swept.base,
    oracle: thinned(swept.oracle),
    signals,
    policies: [...(tuned ? tunedPolicies(tuned) : []), ...(compared ? comparedPolicies(compared) : [])],
    ...(tuned ? { verdict: tuneVerdict(tuned) } : {}),
    ...(examples ? { examples } : {}),
  }
}

/** Reports the progress of one part of several as that of the whole, a last time when it is done. */
function* partOf<T>(work: Work<T>, label: string, part: number, parts: number): Work<T> {
  let furthest = part
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) {
      yield { label, done: part + 1, total: parts }
      return step.value
    }
    // The deciles after the curve are resampled in a fraction of its time: the bar waits there.
    furthest = Math.max(furthest, part + step.value.done / step.value.total)
    yield { label, done: furthest, total: parts }
  }
}
