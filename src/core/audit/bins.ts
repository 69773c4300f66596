import { binOf, type Distribution } from './distribution.ts'
import type { TrafficCounts } from './traffic.ts'

/** One bin of both samples, in rows and requests. */
export interface ComparedBin {
  /** Counted in; without it, open. */
  from?: number
  /** Not counted in; without it, open. */
  to?: number
  tuned: number
  traffic: number
}

/**
 * The bins in which tuning and traffic can be compared. Where the thresholds leave a segment in which some requests are
 * known by a bound only, all of it is one bin, in both samples: which of its bins they belong to, nobody knows, and
 * those that ran to their end are not like them.
 */
export function comparedBins(
  { rows, missing, edges, shares }: Distribution,
  thresholds: readonly number[],
  { bins, bounded }: TrafficCounts,
): ComparedBin[] {
  const compared: (ComparedBin & { segment: number })[] = []
  shares.forEach((share, i) => {
    const [from, to] = [edges[i - 1], edges[i]]
    const segment = from === undefined ? 0 : binOf(thresholds, from)
    const tuned = Math.round(share * (rows - missing))
    const last = compared.at(-1)
    if (last?.segment === segment && bounded[segment] > 0) {
      last.to = to
      last.tuned += tuned
      last.traffic += bins[i]
    } else
      compared.push({
        segment,
        from,
        to,
        tuned,
        traffic: bins[i] + bounded[segment],
      })
  })
  return compared.map(({ segment: _, ...bin }) => bin)
}
