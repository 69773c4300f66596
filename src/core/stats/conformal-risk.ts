/** Candidate thresholds from the safest to the riskiest, beside the mean loss of each over the same `n` rows. */
export interface RiskCurve {
  lambdas: ArrayLike<number>
  /** Mean loss at each lambda, in [0, `maxLoss`]; the loss of a row does not decrease from one lambda to the next. */
  risks: ArrayLike<number>
  n: number
  /** The largest possible loss of a row, B. */
  maxLoss?: number
}

/**
 * Conformal risk control: the riskiest lambda with n/(n + 1) R̂(λ) + B/(n + 1) <= α, that is the one before the first
 * that exceeds it. The expected loss of one new row, exchangeable with the n, is then at most α. Not even the first
 * lambda qualifies: `undefined`. (Angelopoulos et al. 2022, "Conformal risk control", with the order of λ reversed)
 */
export function conformalRiskThreshold(
  { lambdas, risks, n, maxLoss = 1 }: RiskCurve,
  alpha: number,
): number | undefined {
  let found: number | undefined
  for (let i = 0; i < lambdas.length; i++) {
    if (!((n * risks[i] + maxLoss) / (n + 1) <= alpha)) break
    found = lambdas[i]
  }
  return found
}
