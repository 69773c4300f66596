import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { sortSignal, type SortedSignal } from '../sweep/curve.ts'

/**
 * Prediction rejection ratio: how much of the error a perfect ranking would remove early, the signal's ranking does.
 * Rows are rejected from the least certain on, and a rejected row's error counts as mended; the area between the curve
 * of remaining error and the straight line of random rejection, over the same area for rejecting the worst answers
 * first. 1 is perfect, 0 random. Ties share their gain evenly. Rows without the signal are left out. No error, or the
 * same error everywhere: no value. (Malinin & Gales 2021, "Uncertainty Estimation in Autoregressive Structured Prediction")
 */
export function predictionRejectionRatio(outcomes: Outcomes, sorted: SortedSignal): number | undefined {
  const errors = new Float64Array(outcomes.rows).fill(NaN)
  for (let i = 0; i < sorted.rows.length; i++) errors[sorted.rows[i]] = 1 - outcomes.small.quality[sorted.rows[i]]
  const worstFirst: SignalColumn = { ...sorted.column, direction: 'lower', values: errors }
  const best = areaOverRandom(errors, sortSignal(worstFirst))
  return best > 1e-12 * sorted.rows.length ** 2 ? areaOverRandom(errors, sorted) / best : undefined
}

/** Σ over rejections of the error removed so far, less that of random rejection; in rows squared. */
function areaOverRandom(errors: Float64Array, { keys, rows }: SortedSignal): number {
  const n = rows.length
  let removed = 0
  let area = 0
  for (let start = 0; start < n;) {
    let end = start
    let tied = 0
    while (end < n && keys[end] === keys[start]) tied += errors[rows[end++]]
    area += (end - start) * (removed + tied / 2)
    removed += tied
    start = end
  }
  return area - (n * removed) / 2
}
