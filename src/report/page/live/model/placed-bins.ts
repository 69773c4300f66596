import type { ComparedBin } from '../../../../core/audit/bins.ts'
import type { LiveSignal } from '../../../live/state.ts'

/** A bin on the axis of all bins of the tuning, each of which is one wide. */
export interface PlacedBin {
  x1: number
  x2: number
  /** Shares, of a bin that is several of them for each. */
  tuned: number
  traffic: number
  bin: ComparedBin
}

export function placedBins({ edges, bins }: Pick<LiveSignal, 'edges' | 'bins'>): PlacedBin[] {
  const total = (side: 'tuned' | 'traffic') =>
    Math.max(
      1,
      bins.reduce((sum, bin) => sum + bin[side], 0),
    )
  const [rows, requests] = [total('tuned'), total('traffic')]
  return bins.map((bin) => {
    const x1 = bin.from === undefined ? 0 : edges.indexOf(bin.from) + 1
    const x2 = bin.to === undefined ? edges.length + 1 : edges.indexOf(bin.to) + 1
    const width = x2 - x1
    return { x1, x2, tuned: bin.tuned / rows / width, traffic: bin.traffic / requests / width, bin }
  })
}
