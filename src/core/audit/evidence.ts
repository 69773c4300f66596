/** Evidence, gathered value by value, that a mean has been above a bound at some time. */
export interface Evidence {
  /** @param weight in [0, 1], which may depend on the value only where leaving out values with that chance would not */
  add(value: number, weight?: number): void
  /**
   * The most that the evidence has been. Where no value was ever expected to lie above the bound, the chance that it
   * ever reaches 1/δ is at most δ.
   */
  most(): number
  /** One that goes on from here by itself. */
  copy(): Evidence
}

/** Of the values before, so many back a value counts half: bets follow the traffic. */
const HALF_LIFE = 150
const KEEP = 0.5 ** (1 / HALF_LIFE)
/** No bet risks more than that of the capital. */
const MOST_AT_STAKE = 0.5
/** So much of the capital is kept back from the first bet, for later ones. */
const RESERVE = 0.5
/** Beyond, more evidence says nothing. */
const LARGEST = 1e200

/**
 * A gambler's capital who bets against "no value is expected above `bound`": it is multiplied by 1 + λ (x - bound),
 * with a bet λ ≥ 0 made of the values before, and by that grows only by luck unless the bound is passed. Half of it is
 * bet from the first value on; the other half is dealt out, 1 / (t (t + 1)) of it to a gambler who begins at value t,
 * so that a change that comes late is not to be made up for all that went well before it.
 * (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting"; beginning anew at every
 * value as in Shin, Ramdas & Rinaldo 2023, "E-detectors")
 * @param low what no value lies below
 * @param high about what none lies above: it says how far values are spread before any has come; what lies above it
 * is evidence all the same
 */
export const evidenceAbove = (bound: number, low: number, high: number): Evidence =>
  // As if one value at the bound had been seen, spread over a quarter of the range.
  continued(bound, low, [1, bound, ((high - low) / 4) ** 2, 1 - RESERVE, 1, 0, RESERVE])

type State = readonly [number, number, number, number, number, number, number]

function continued(bound: number, low: number, state: State): Evidence {
  const mostBet = MOST_AT_STAKE / (bound - low)
  let [weights, total, squares, capital, most, count, unbet] = state
  return {
    add(value, weight = 1) {
      count++
      // Whoever begins now puts his share in before the value is known.
      const share = RESERVE / (count * (count + 1))
      unbet -= share
      const mean = total / weights
      const gain = mean - bound
      const bet = gain <= 0 ? 0 : Math.min(gain / (squares / weights + gain * gain), mostBet)
      capital = Math.min((capital + share) * (1 + bet * weight * (value - bound)), LARGEST)
      most = Math.max(most, capital + unbet)
      const distance = value - mean
      weights = KEEP * weights + weight
      total = KEEP * total + weight * value
      squares = KEEP * squares + weight * distance * distance
    },
    most: () => most,
    copy: () => continued(bound, low, [weights, total, squares, capital, most, count, unbet]),
  }
}
