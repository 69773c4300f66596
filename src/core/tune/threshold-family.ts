import { findColumn } from '../outcomes/outcomes.ts'
import { baselines } from '../sweep/baselines.ts'
import { exactCurve, sortSignal } from '../sweep/curve.ts'
import { jointFrontier } from '../sweep/joint.ts'
import type { Family } from './family.ts'
import { rankedSignals } from './family.ts'
import { fittedCurve, fittedPoints } from './fitted.ts'

/** One threshold on one signal. */
export const thresholdFamily = (signal: string): Family => ({
  name: signal,
  kind: 'threshold',
  fit(outcomes, { costs }) {
    const sorted = sortSignal(findColumn(outcomes, signal)!)
    return sorted.keys.length === 0 ? undefined : fittedCurve(exactCurve(outcomes, sorted, costs))
  },
})

/** A threshold on each of two signals: the named ones, else the two best on the rows it is fitted on. */
export const jointFamily = (names?: readonly [string, string]): Family => ({
  name: names === undefined ? 'joint' : names.join('+'),
  kind: 'joint',
  fit(outcomes, { costs }) {
    const [first, second] = names?.map((name) => findColumn(outcomes, name)!) ?? rankedSignals(outcomes, costs)
    if (first === undefined || second === undefined) return undefined
    const { frontier } = jointFrontier(outcomes, first, second, costs)
    const base = baselines(outcomes, costs, first.verification === true || second.verification === true)
    return fittedPoints(frontier.map((point) => ({ point, base })))
  },
})
