/** Values with more steps than this between the least and the greatest are as good as continuous. */
const MOST_STEPS = 400

/**
 * The step between ascending values that are all whole steps apart, such as counts, or shares of five verifications;
 * values of no common step: `undefined`.
 */
export function latticeStep(values: Float64Array): number | undefined {
  const span = values[values.length - 1] - values[0]
  let step = Infinity
  for (let i = 1; i < values.length; i++) {
    const gap = values[i] - values[i - 1]
    if (gap > 0 && gap < step) step = gap
  }
  if (!(step < Infinity && span / step <= MOST_STEPS)) return undefined
  for (let i = 1; i < values.length; i++) {
    const steps = (values[i] - values[0]) / step
    if (Math.abs(steps - Math.round(steps)) > 1e-6) return undefined
  }
  return step
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is not below a number. */
export function niceAtLeast(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= least * (1 - 1e-12)) ?? 10
  return factor * power
}
