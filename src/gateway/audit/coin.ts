/** Decides beforehand, request by request, which are audited. */
export interface Coin {
  /**
   * Tossed once for every request. The probability with which it fell; it did not: `undefined`. Every time that it falls
   * is to be settled.
   */
  toss(): number | undefined
  /** With which it falls at the moment. */
  probability(): number
  /** It never falls with less, but for 0. */
  least(): number
  /** Goes on with another probability or budget; what is spent is spent. */
  change(options: Pick<CoinOptions, 'probability' | 'perDay'>): void
  /** Told of every request once it is over: what auditing it would cost, as far as one knows. */
  expect(cost: number): void
  /** Told of what an audit has cost in the end. */
  settle(cost: number): void
  /** Requests since this was last asked for of which nothing can be known: the budget was spent, or set aside. */
  unseen(): number
  /** All of them since the start. */
  allUnseen(): number
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
/** Traffic is reckoned over about ten minutes, for bursts, and over about a day, so that nights know of days. */
const MEMORIES_MS = [600 * 1000, DAY_MS]
/** At first, over no less than a minute. */
const FIRST_MS = 60 * 1000
/** Costs are reckoned over about so many audits. */
const MEMORY_AUDITS = 100
/** Before so many are settled, what requests would cost stands for what audits do. */
const FEW_AUDITS = 10
/** A request that counts for too many others tells nothing. */
const LEAST = 1 / 50

/**
 * A coin whose probability depends on what was before a request, never on the request: those that it falls on are a
 * sample of all. With a budget it is what is left of the day's, over what auditing every request until the day's end
 * would cost, at the pace of the last minutes or of the last day, whichever is more. What audits under way will cost is
 * set aside.
 */
export function coinOf({ probability: first, perDay: budget, random, now }: CoinOptions): Coin {
  const start = now()
  let [most, perDay] = [first, budget]
  const least = () => (perDay === undefined ? most : most * LEAST)
  let last = start
  /** Requests by memory, those long ago counting less. */
  let arrived = MEMORIES_MS.map(() => 0)
  let [expectations, expected, settled, audits, pending, unseen] = [0, 0, 0, 0, 0, 0]
  let allUnseen = 0
  let day = { number: 0, spent: 0 }

  const today = () => {
    const number = Math.floor((now() - start) / DAY_MS)
    if (number !== day.number) day = { number, spent: 0 }
    return day
  }
  /** What an audit costs on average, those of escalated requests among them. */
  const usual = () => (audits < FEW_AUDITS ? expected : settled)
  const arrivedByNow = () => arrived.map((count, i) => count * Math.exp((last - now()) / MEMORIES_MS[i]))
  /** Requests a ms. At first less is remembered than later on. */
  const pace = (elapsed: number) =>
    Math.max(
      ...arrivedByNow().map((count, i) => {
        const memory = Math.max(FIRST_MS, MEMORIES_MS[i] * -Math.expm1(-elapsed / MEMORIES_MS[i]))
        return count / memory
      }),
    )
  const probability = (): number => {
    if (perDay === undefined) return most
    // Before anything is known of what requests cost, one is tried at a time.
    if (expectations === 0 && audits === 0 && pending > 0) return 0
    const left = perDay - today().spent - pending * usual()
    if (left <= 0) return 0
    const elapsed = now() - start
    const rest = pace(elapsed) * (DAY_MS - (elapsed % DAY_MS)) * usual()
    return rest === 0 ? most : Math.max(least(), Math.min(most, left / rest))
  }
  return {
    probability,
    least,
    toss() {
      const p = probability()
      arrived = arrivedByNow().map((count) => count + 1)
      last = now()
      if (p === 0) {
        unseen++
        allUnseen++
      }
      if (random() >= p) return undefined
      pending++
      return p
    },
    expect(cost) {
      expectations++
      expected += (cost - expected) / Math.min(expectations, MEMORY_AUDITS)
    },
    settle(cost) {
      pending--
      audits++
      settled += (cost - settled) / Math.min(audits, MEMORY_AUDITS)
      today().spent += cost
    },
    change(next) {
      most = next.probability
      perDay = next.perDay
    },
    allUnseen: () => allUnseen,
    unseen() {
      const count = unseen
      unseen = 0
      return count
    },
  }
}
