/** Decides beforehand, request by request, which are audited. */
export interface Coin {
  /** The probability with which it fell on this request; it did not: `undefined`. */
  toss(): number | undefined
  /** With which it falls at the moment. */
  probability(): number
  /** Told of every request once it is over: what auditing it would cost. */
  over(cost: number): void
  /** Told of what an audit has cost. */
  spent(cost: number): void
}

export interface CoinOptions {
  /** With which it falls; where there is a budget, the most. */
  probability: number
  /** What audits may cost in 24 hours, in the unit of the prices. */
  perDay?: number
  /** From 0 to 1. */
  random: () => number
  /** ms, of any origin. */
  now: () => number
}

const DAY_MS = 24 * 3600 * 1000
/** Traffic is reckoned over about an hour. */
const MEMORY_MS = 3600 * 1000

/**
 * A coin whose probability depends on what was before a request, never on the request: those that it falls on are a
 * sample of all. With a budget it is the share of the budget in what auditing everything would cost, at the pace of
 * about the last hour; a budget that is spent all the same ends auditing until the day is over.
 */
export function coinOf({ probability: most, perDay, random, now }: CoinOptions): Coin {
  const start = now()
  let last = start
  /** What auditing all requests would have cost, those long ago counting less. */
  let potential = 0
  let day = { number: 0, spent: 0 }

  const today = () => {
    const number = Math.floor((now() - start) / DAY_MS)
    if (number !== day.number) day = { number, spent: 0 }
    return day
  }
  const probability = (): number => {
    if (perDay === undefined) return most
    if (today().spent >= perDay) return 0
    const elapsed = now() - start
    // At first less is remembered than an hour.
    const memory = MEMORY_MS * -Math.expm1(-elapsed / MEMORY_MS)
    const pace = memory === 0 ? 0 : (potential * Math.exp((last - now()) / MEMORY_MS)) / memory
    return pace === 0 ? most : Math.min(most, perDay / DAY_MS / pace)
  }
  return {
    probability,
    toss() {
      const p = probability()
      return random() < p ? p : undefined
    },
    over(cost) {
      if (perDay === undefined) return
      potential = potential * Math.exp((last - now()) / MEMORY_MS) + cost
      last = now()
    },
    spent(cost) {
      today().spent += cost
    },
  }
}
