/**
 * Weighted isotonic regression: the non-decreasing values that minimise Σ w (fit - y)², by pooling adjacent violators
 * in linear time. `y` is in the order of its predictor, rows with equal predictor merged into one; weights are above 0.
 * (Ayer et al. 1955; Barlow et al. 1972, "Statistical inference under order restrictions")
 */
export function isotonic(y: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const n = y.length
  const fits = new Float64Array(n)
  // Blocks of pooled values, as a stack: mean, weight and the row after the last.
  const means = new Float64Array(n)
  const masses = new Float64Array(n)
  const ends = new Uint32Array(n)
  let top = -1
  for (let i = 0; i < n; i++) {
    let [value, mass] = [y[i], weights[i]]
    while (top >= 0 && means[top] > value) {
      value += ((means[top] - value) * masses[top]) / (masses[top] + mass)
      mass += masses[top--]
    }
    top++
    means[top] = value
    masses[top] = mass
    ends[top] = i + 1
  }
  for (let block = 0, start = 0; block <= top; start = ends[block++]) fits.fill(means[block], start, ends[block])
  return fits
}
