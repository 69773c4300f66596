/** The capital is moved into a logarithm when it leaves this range, a square root away from the ends of a double. */
const LARGEST = 2 ** 500
const SMALLEST = 2 ** -500

/**
 * Betting p-value of "the mean is above `bound`" (α) for independent values in [0, 1], looked at in the order given:
 * 1 / max_t K_t, at most 1, with the capital K_t = Π_{i<=t} (1 + λ_i (α - x_i)) and the bets
 * λ_i = min(√(2 ln(1/δ) / (n σ²_{i-1})), 0.75 / (1 - α)), μ_t = (1/2 + Σ x_i) / (t + 1),
 * σ²_t = (1/4 + Σ (x_i - μ_i)²) / (t + 1). It holds for every n; `delta` (δ) is the level the bets are made for, and
 * any level may be read off. No values: 1.
 * (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting")
 */
export function bettingPValue(values: ArrayLike<number>, bound: number, delta: number): number {
  const n = values.length
  const scale = (-2 * Math.log(delta)) / n
  const most = 0.75 / (1 - bound)
  let total = 0.5
  let squares = 0.25
  let capital = 1
  let best = 1 // the most that `capital` has been since the last move into `logCapital`
  let logCapital = 0
  let logBest = 0
  for (let i = 0; i < n; i++) {
    const value = values[i]
    const bet = Math.min(Math.sqrt((scale * (i + 1)) / squares), most)
    capital *= 1 + bet * (bound - value)
    if (capital > best) best = capital
    if (capital > LARGEST || capital < SMALLEST) {
      logBest = Math.max(logBest, logCapital + Math.log(best))
      logCapital += Math.log(capital)
      capital = best = 1
    }
    total += value
    const distance = value - total / (i + 2)
    squares += distance * distance
  }
  return Math.exp(-Math.max(logBest, logCapital + Math.log(best)))
}
