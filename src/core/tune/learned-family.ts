import { fitIsotonicGain } from '../learned/isotonic-gain.ts'
import { fitSplineGain } from '../learned/spline-gain.ts'
import { amountSum } from '../outcomes/costs.ts'
import { findColumn, type Outcomes, type SignalColumn } from '../outcomes/outcomes.ts'
import { predictGain } from '../policy/gain.ts'
import { thresholdOf, type GainPolicy, type Policy } from '../policy/policy.ts'
import { exactCurve, extraCostAt, sortSignal, type Curve } from '../sweep/curve.ts'
import { indexOfThreshold } from '../sweep/grid.ts'
import { operatingPoint, type OperatingPoint } from '../sweep/operating-point.ts'
import { distinctSignals, rankedSignals, type Family, type FitOptions } from './family.ts'
import { fittedCurve, type Fitted } from './fitted.ts'

type PredictedGain = GainPolicy['predictedGain']

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
      const scoreOf = (others: Outcomes) => predictedGains(others, predictedGain)
      return { ...fittedPrices(outcomes, predictedGain, scoreOf(outcomes), options), score: scoreOf }
    },
  }
}

/**
 * One predicted gain at every price: escalating where it is above a price is keeping where it is at most that price, so
 * that the prices are the thresholds of a curve. A price that the target names, λ × the mean cost of an escalation, is
 * taken as it is.
 */
function fittedPrices(
  outcomes: Outcomes,
  predictedGain: PredictedGain,
  values: Float64Array,
  { costs }: FitOptions,
): Fitted {
  const verifies = predictedGain.terms.some(({ signal }) => findColumn(outcomes, signal)!.verification === true)
  const column: SignalColumn = {
    name: 'predicted gain',
    direction: 'lower',
    unit: 'none',
    scale: 'unbounded',
    values,
    ...(verifies ? { verification: true } : {}),
  }
  const curve = exactCurve(outcomes, sortSignal(column), costs)
  const priced = (escalateAbove: number): GainPolicy => ({
    version: 1,
    predictedGain,
    escalateAbove,
    onMissing: 'escalate',
  })
  const named = ({ policy }: OperatingPoint): Policy =>
    'keepWhen' in policy ? priced(shortest(thresholdOf(policy.keepWhen[0]), curve)) : policy
  const byCurve = fittedCurve(curve, named)
  return {
    ...byCurve,
    select(target) {
      if (!('qualityMinusCost' in target)) return byCurve.select(target)
      const price = (target.qualityMinusCost * amountSum(costs.large, outcomes.rows)) / outcomes.rows
      const i = indexOfThreshold(curve, price)
      // Also where it keeps or escalates every row, it reads its signals and pays for them.
      const totals = { kept: curve.kept[i], gain: curve.gain[i], extraCost: extraCostAt(curve, i) }
      return operatingPoint(curve.base, priced(price), totals)
    },
  }
}

/** The price with the fewest digits that escalates the same rows: at least this gain, and below the next higher one. */
function shortest(gain: number, curve: Curve): number {
  const here = indexOfThreshold(curve, gain)
  for (let digits = 3; digits < 17; digits++) {
    const price = Number(gain.toPrecision(digits))
    if (price >= gain && indexOfThreshold(curve, price) === here) return price
  }
  return gain
}

/** Six digits, and no term that says nothing: a person may want to read the file. */
function readable({ constant, terms }: PredictedGain): PredictedGain {
  const short = (value: number) => (Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6)))
  const rounded = terms.map(({ signal, points }) => {
    const x = points.map(([value]) => Number(value.toPrecision(6)))
    const ascends = x.every((value, i) => i === 0 || value > x[i - 1])
    return { signal, points: points.map(([value, y], i): [number, number] => [ascends ? x[i] : value, short(y)]) }
  })
  const telling = rounded.filter(({ points }) => points.some(([, y]) => y !== 0))
  return { constant: short(constant), terms: telling.length > 0 ? telling : rounded.slice(0, 1) }
}

/** The gain predicted for each row; NaN where every signal is missing, as such a row has no prediction. */
function predictedGains(outcomes: Outcomes, predictedGain: PredictedGain): Float64Array {
  const columns = predictedGain.terms.map(({ signal }) => findColumn(outcomes, signal)!)
  const signals: Record<string, number> = {}
  return new Float64Array(outcomes.rows).map((_, row) => {
    for (const { name, values } of columns) signals[name] = values[row]
    const known = columns.some(({ values }) => Number.isFinite(values[row]))
    return known ? predictGain(predictedGain, signals).low : NaN
  })
}
