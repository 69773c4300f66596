const GROWTH = 2
const POWER = 1.4
/** Riemann's ζ(1.4): the weights (k + 1)^-1.4 / ζ(1.4) of the epochs add up to 1. */
const ZETA = 3.105547

const K1 = (GROWTH ** 0.25 + GROWTH ** -0.25) / Math.SQRT2
const K2 = (Math.sqrt(GROWTH) + 1) / 2

/**
 * Polynomial stitched boundary for a sum of centred values with variance process `variance`, which it crosses at any
 * time with a probability of at most `alpha`:
 * k1 √(v ℓ) + k2 c ℓ, ℓ = ln((log2(v/m) + 1)^1.4 ζ(1.4)) + ln(1/α), v = max(variance, m); epochs double.
 * @param scale c, the length of the range of one value
 * @param start m, the variance from which on the boundary is meant to be narrow
 * (Howard, Ramdas, McAuliffe & Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences", eq. 10)
 */
export function stitchedBoundary(variance: number, alpha: number, scale: number, start: number): number {
  const v = Math.max(variance, start)
  const epochs = Math.log2(v / start)
  const l = POWER * Math.log(epochs + 1) + Math.log(ZETA / alpha)
  return Math.sqrt(K1 * K1 * v * l + (K2 * scale * l) ** 2) + K2 * scale * l
}
