/**
 * Sum with Neumaier's compensation: the error does not grow with the number of values.
 * (A. Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen")
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** `a - b`, or an exact 0 where the two differ by no more than the rounding of long sums. */
export const difference = (a: number, b: number): number =>
  Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b

/** Arithmetic mean; no values: `undefined`. */
export const mean = (values: ArrayLike<number>): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length
