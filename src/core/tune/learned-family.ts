import { fitIsotonicGain } from '../learned/isotonic-gain.ts'
import { fitSplineGain } from '../learned/spline-gain.ts'
import { amountSum } from '../outcomes/costs.ts'
import { findColumn, type Outcomes } from '../outcomes/outcomes.ts'
import { predictGain } from '../policy/gain.ts'
import type { GainPolicy } from '../policy/policy.ts'
import { quantileSorted } from '../stats/quantile.ts'
import { sortSignal } from '../sweep/curve.ts'
import { rankedSignals, type Family, type FitOptions } from './family.ts'
import { fittedList } from './fitted.ts'

type PredictedGain = GainPolicy['predictedGain']

/** How many prices are offered. */
const PRICES = 50

/** A smooth term of every signal that costs no extra call. */
export const splineFamily = (monotone: boolean): Family =>
  gainFamily(monotone ? 'spline-monotone' : 'spline', (outcomes, { seed }) => {
    const free = outcomes.signals.filter(({ verification }) => verification !== true)
    return fitSplineGain(outcomes, free, { seed, monotone })?.predictedGain
  })

/** Isotonic regression on one signal: the named one, else the best on the rows it is fitted on. */
export const isotonicFamily = (signal?: string): Family =>
  gainFamily(signal === undefined ? 'isotonic' : `isotonic:${signal}`, (outcomes, { costs }) => {
    const column = signal === undefined ? rankedSignals(outcomes, costs)[0] : findColumn(outcomes, signal)!
    return column && fitIsotonicGain(outcomes, sortSignal(column))
  })

function gainFamily(
  name: string,
  predict: (outcomes: Outcomes, options: FitOptions) => PredictedGain | undefined,
): Family {
  return {
    name,
    kind: 'learned',
    fit(outcomes, options) {
      const predictedGain = predict(outcomes, options)
      return predictedGain && fittedList(outcomes, priced(outcomes, predictedGain, options), options.costs)
    },
  }
}

/** One predicted gain at many prices: at its quantiles, and at the price that the target itself names. */
function priced(outcomes: Outcomes, predictedGain: PredictedGain, { costs, target }: FitOptions): GainPolicy[] {
  const gains = predictedGains(outcomes, predictedGain).sort()
  const prices = Array.from({ length: PRICES + 1 }, (_, i) => quantileSorted(gains, i / PRICES)!)
  if ('qualityMinusCost' in target)
    prices.push((target.qualityMinusCost * amountSum(costs.large, outcomes.rows)) / outcomes.rows)
  const everything = gains[0] - 1e-9
  return [...new Set([everything, ...prices])].map((escalateAbove) => ({
    version: 1,
    predictedGain,
    escalateAbove,
    onMissing: 'escalate',
  }))
}

/** The gain predicted for each row. */
function predictedGains(outcomes: Outcomes, predictedGain: PredictedGain): Float64Array {
  const columns = predictedGain.terms.map(({ signal }) => findColumn(outcomes, signal)!)
  const signals: Record<string, number> = {}
  return new Float64Array(outcomes.rows).map((_, row) => {
    for (const { name, values } of columns) signals[name] = values[row]
    return predictGain(predictedGain, signals).low
  })
}
