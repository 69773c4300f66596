import { quantileSorted } from '../stats/quantile.ts'
import { shareBetween } from '../stats/share.ts'

/** A term of a signal has this many knots at most. */
const MAX_KNOTS = 7
/** The outermost ones leave this share of the rows outside, where the term is flat. */
const EDGE = 0.02

/**
 * Where a signal's term may bend: at its quantiles, or at every value where there are few. Fewer than two distinct
 * values: none, for such a signal says nothing.
 */
export function knotsOf(values: Float64Array): Float64Array {
  const present = values.filter(Number.isFinite).toSorted()
  const distinct = present.filter((value, i) => i === 0 || value !== present[i - 1])
  if (distinct.length < 2) return new Float64Array(0)
  if (distinct.length <= MAX_KNOTS) return distinct
  const levels = Array.from({ length: MAX_KNOTS }, (_, k) => EDGE + ((1 - 2 * EDGE) * k) / (MAX_KNOTS - 1))
  const knots = levels.map((level) => quantileSorted(present, level)!)
  return Float64Array.from(new Set(knots))
}

/**
 * The weights of the knots at a value: straight lines from knot to knot (linear B-splines), flat outside. Writes
 * `knots.length` numbers that sum to 1.
 */
export function hats(knots: Float64Array, value: number, into: Float64Array, at: number): void {
  const last = knots.length - 1
  for (let k = 0; k <= last; k++) into[at + k] = 0
  if (value <= knots[0]) into[at] = 1
  else if (value >= knots[last]) into[at + last] = 1
  else {
    let k = 0
    while (knots[k + 1] <= value) k++
    const share = shareBetween(knots[k], knots[k + 1], value)
    into[at + k] = 1 - share
    into[at + k + 1] = share
  }
}
