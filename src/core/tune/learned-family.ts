import { fitIsotonicGain } from '../learned/isotonic-gain.ts'
import { fitSplineGain } from '../learned/spline-gain.ts'
import { amountSum } from '../outcomes/costs.ts'
import { findColumn, type Outcomes } from '../outcomes/outcomes.ts'
import { predictGain } from '../policy/gain.ts'
import type { GainPolicy } from '../policy/policy.ts'
import { quantileSorted } from '../stats/quantile.ts'
import { sortSignal } from '../sweep/curve.ts'
import { distinctSignals, rankedSignals, type Family, type FitOptions } from './family.ts'
import { fittedList } from './fitted.ts'

type PredictedGain = GainPolicy['predictedGain']

/** How many prices are offered. */
const PRICES = 50

/** A smooth term of every signal that costs no extra call. */
export const splineFamily = (monotone: boolean): Family =>
  gainFamily(monotone ? 'spline-monotone' : 'spline', (outcomes, { seed }) => {
    const measured = distinctSignals(outcomes)
    const free = outcomes.signals.filter(
      (column) => column.verification !== true && (column.fromAnswer === true || measured.includes(column)),
    )
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
      const exact = predict(outcomes, options)
      if (exact === undefined) return undefined
      const predictedGain = readable(exact)
      return {
        ...fittedList(outcomes, priced(outcomes, predictedGain, options), options.costs),
        score: (others) => predictedGains(others, predictedGain),
      }
    },
  }
}

/** Six digits, and no term that says nothing: a person may want to read the file. */
function readable({ constant, terms }: PredictedGain): PredictedGain {
  const short = (value: number) => (Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6)))
  const rounded = terms.map(({ signal, points }) => ({
    signal,
    points: points.map(([x, y]): [number, number] => [x, short(y)]),
  }))
  const telling = rounded.filter(({ points }) => points.some(([, y]) => y !== 0))
  return { constant: short(constant), terms: telling.length > 0 ? telling : rounded.slice(0, 1) }
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
