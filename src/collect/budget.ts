/** A limit on what is spent that holds whatever answers turn out to cost. */
export interface Budget {
  /**
   * Sets aside the most that something can cost; waits where that takes the end of something else. `false`: even with
   * nothing under way there is not that much left.
   */
  reserve(most: number): Promise<boolean>
  /** Gives back what was set aside, but for what was spent; once for each `true` of `reserve`. */
  settle(most: number, spent: number): void
}

/** @param paid what has been spent before */
export function budgetOf(limit: number, paid = 0): Budget {
  let spent = paid
  let reserved = 0
  let underWay = 0
  let wake: (() => void)[] = []
  // Sums of prices differ in their last digits from the sum a user has in mind.
  // What costs nothing may always be done, also where more has been spent already.
  const fits = (most: number) => most === 0 || spent + reserved + most <= limit * (1 + 1e-9)
  return {
    async reserve(most) {
      while (!fits(most)) {
        if (underWay === 0) return false
        await new Promise<void>((resolve) => wake.push(resolve))
      }
      underWay += 1
      reserved += most
      return true
    },
    settle(most, cost) {
      spent += cost
      underWay -= 1
      // What rounding leaves of nothing is no sum that somebody could wait for.
      reserved = underWay === 0 ? 0 : reserved - most
      const waiting = wake
      wake = []
      for (const resume of waiting) resume()
    },
  }
}
