import { mixedBins, type BinTable } from './bin-table.ts'

/** The most that sharper thresholds than the bins' edges could change. */
export interface BinningBound {
  /** Leading bits of the key that a bin fixes. */
  bits: number
  bins: number
  /** Bins with more than one value, and the rows in the largest of them, as a share of all. */
  mixed: number
  largestShare: number
  /** Mean quality at a threshold inside a bin differs by at most this from that at one of the bin's ends. */
  quality: number
  /** To either side; no value of the metric: absent. */
  apgr?: number
  aurocWrong?: number
  aurocBenefit?: number
}

/** The bound of a table; no bin is mixed: `undefined`, since nothing is lost. */
export function binningBound(table: BinTable, base: { rows: number; gap: number }): BinningBound | undefined {
  const mixed = mixedBins(table)
  if (mixed.length === 0) return undefined
  let [largest, swing, area] = [0, 0, 0]
  for (const bin of mixed) {
    const up = table.upside[bin]
    const down = up - table.gain[bin]
    largest = Math.max(largest, table.rows[bin])
    // Inside, the gain lies within [-down, up] of the near end; the far end is up - down away.
    swing = Math.max(swing, up, down)
    // The bin's path lies between "all losses first" and "all gains first"; the straight line is midway between these.
    area += (table.rows[bin] * (up + down)) / 2
  }
  return {
    bits: table.bits,
    bins: table.rows.length,
    mixed: mixed.length,
    largestShare: largest / base.rows,
    quality: swing / base.rows,
    apgr: base.gap > 0 ? area / (base.rows * base.gap) : undefined,
    aurocWrong: aurocBound(table, table.wrong, mixed),
    aurocBenefit: aurocBound(table, table.better, mixed),
  }
}

/** Pairs inside a bin count half; in truth each counts for one side. */
function aurocBound({ rows }: BinTable, positives: Float64Array, mixed: readonly number[]): number | undefined {
  let [all, others, unsure] = [0, 0, 0]
  rows.forEach((count, bin) => {
    all += positives[bin]
    others += count - positives[bin]
  })
  for (const bin of mixed) unsure += positives[bin] * (rows[bin] - positives[bin])
  return all * others === 0 ? undefined : unsure / 2 / (all * others)
}
