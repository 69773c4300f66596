/** A request, and what is known of the quantity that is averaged. */
export interface Known<Each> {
  request: Each
  kept: boolean
  /** Not known: `undefined`. */
  value: number | undefined
}

/**
 * Weights of the requests of some stretch of time, in [0, 1], so that kept and escalated ones count by their numbers
 * however many of either are known: each known one by the smaller of the two known shares, over the share of its own
 * kind; unknown ones not at all.
 *
 * Where, say, a tenth of the kept answers are scored, and of escalated ones it is known that they lost nothing, the
 * latter weigh a tenth. As long as what is known within a kind is a matter of chance, that leaves nothing askew.
 */
export function knownWeights<Each>(some: readonly Known<Each>[]): number[] {
  const shareOf = (kept: boolean): number | undefined => {
    const all = some.filter((each) => each.kept === kept)
    return all.length === 0 ? undefined : all.filter(({ value }) => value !== undefined).length / all.length
  }
  const [kept, escalated] = [shareOf(true), shareOf(false)]
  const least = Math.min(kept ?? 1, escalated ?? 1)
  return some.map((each) => (each.value === undefined ? 0 : least / (each.kept ? kept! : escalated!)))
}
