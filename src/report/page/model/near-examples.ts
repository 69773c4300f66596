import { decide } from '../../../core/policy/decide.ts'
import type { Example, Examples } from '../../figures/figure-data.ts'
import type { SignalFigure } from '../../figures/figure-data.ts'
import { policyOfStop } from './stop.ts'

/** An example with what the chosen policy does with it. */
export interface Routed {
  example: Example
  value: number | null
  kept: boolean
}

/** Examples under the chosen policy: the nearest ones on both sides of the threshold, and the worst mistakes. */
export interface Sorted {
  justKept: Routed[]
  justEscalated: Routed[]
  keptWrong: Routed[]
  escalatedInVain: Routed[]
  /** How many there are of each mistake among the examples. */
  counts: { kept: number; escalated: number; keptWrong: number; escalatedInVain: number }
}

const SHOWN = 3

/** Sorts examples by what the stop does with them; `index` is the signal's place in the data. */
export function sortExamples(
  { list }: Examples,
  index: number,
  figure: SignalFigure,
  stop: number,
  wrongBelow: number,
): Sorted {
  const policy = policyOfStop(figure, stop)
  const sign = figure.direction === 'higher' ? 1 : -1
  const routed = list.map((example): Routed => {
    const value = example.values[index]
    const kept = decide(policy, value === null ? {} : { [figure.signal]: value }).action === 'keep'
    return { example, value, kept }
  })
  const certainty = ({ value }: Routed) => (value === null ? -Infinity : sign * value)
  const lost = ({ example }: Routed) => example.qualityLarge - example.qualitySmall
  const kept = routed.filter((each) => each.kept)
  const escalated = routed.filter((each) => !each.kept)
  const keptWrong = kept.filter(({ example }) => example.qualitySmall < wrongBelow)
  const escalatedInVain = escalated.filter((each) => lost(each) <= 0)
  const by = (list: Routed[], ...keys: ((each: Routed) => number)[]) =>
    list.toSorted((a, b) => keys.reduce((order, key) => order || compare(key(a), key(b)), 0)).slice(0, SHOWN)
  return {
    justKept: by(
      kept.filter(({ value }) => value !== null),
      certainty,
    ),
    justEscalated: by(
      escalated.filter(({ value }) => value !== null),
      (each) => -certainty(each),
    ),
    keptWrong: by(
      keptWrong,
      (each) => -lost(each),
      (each) => -certainty(each),
    ),
    escalatedInVain: by(escalatedInVain, lost, ({ example }) => -example.costLarge, certainty),
    counts: {
      kept: kept.length,
      escalated: escalated.length,
      keptWrong: keptWrong.length,
      escalatedInVain: escalatedInVain.length,
    },
  }
}

/** Infinities compare equal to themselves, which their difference does not say. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)
