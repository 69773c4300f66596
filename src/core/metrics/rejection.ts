import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { sortSignal, type SortedSignal } from '../sweep/curve.ts'
import { runsOf, type Runs } from './runs.ts'

/**
 * Prediction rejection ratio: how much of the error a perfect ranking would remove early, the signal's ranking does.
 * Rows are rejected from the least certain on, and a rejected row's error counts as mended; the area between the curve
 * of remaining error and the straight line of random rejection, over the same area for rejecting the worst answers
 * first. 1 is perfect, 0 random. Ties share their gain evenly. Rows without the signal are left out. No error, or the
 * same error everywhere: no value. (Malinin & Gales 2021, "Uncertainty Estimation in Autoregressive Structured Prediction")
 */
export const predictionRejectionRatio = (outcomes: Outcomes, sorted: SortedSignal): number | undefined =>
  rejectionRatio(...rejectionRuns(outcomes, sorted))

/** The errors of small answers in the order of the signal, and in the order of the errors themselves, worst first. */
export function rejectionRuns(outcomes: Outcomes, sorted: SortedSignal): [Runs, Runs] {
  const errors = new Float64Array(outcomes.rows).fill(NaN)
  for (let i = 0; i < sorted.rows.length; i++) errors[sorted.rows[i]] = 1 - outcomes.small.quality[sorted.rows[i]]
  const worstFirst: SignalColumn = { ...sorted.column, direction: 'lower', values: errors }
  const errorOf = (row: number) => errors[row]
  return [runsOf(sorted, errorOf), runsOf(sortSignal(worstFirst), errorOf)]
}

/** The ratio from both orders. */
export function rejectionRatio(errors: Runs, worstFirst: Runs): number | undefined {
  const best = areaOverRandom(worstFirst)
  return best.area > 1e-12 * best.rows ** 2 ? areaOverRandom(errors).area / best.area : undefined
}

/** Σ over rejections of the error removed so far, less that of random rejection; in rows squared. */
function areaOverRandom({ sizes, sums }: Runs): { rows: number; area: number } {
  let rows = 0
  let removed = 0
  let area = 0
  for (let run = 0; run < sizes.length; run++) {
    area += sizes[run] * (removed + sums[run] / 2)
    removed += sums[run]
    rows += sizes[run]
  }
  return { rows, area: area - (rows * removed) / 2 }
}
