import type { Loaded } from './load.ts'

/** What one path costs in one cell of the table. */
export interface Figures {
  p50: number
  p99: number
  perSecond: number
  /** CPU of the gateway's process a request, µs; of the direct way there is none. */
  cpuUs?: number
}

export type Figure = keyof Figures

export const figuresOf = ({ requests, ms, p50, p99 }: Loaded, cpuUs: number | undefined): Figures => ({
  p50,
  p99,
  perSecond: (1000 * requests) / ms,
  ...(cpuUs === undefined ? {} : { cpuUs: cpuUs / requests }),
})

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

/** What several rounds measured of one path and, just before or after, of the pass-through. */
export interface Rounds {
  own: Figures[]
  base: Figures[]
}

/** The median over the rounds; as a ratio, of what each round's pass-through took. */
export function medianOf({ own, base }: Rounds, figure: Figure): { value?: number; ratio?: number } {
  const values = own.flatMap((each) => each[figure] ?? [])
  if (values.length === 0) return {}
  return { value: median(values), ratio: median(values.map((value, i) => value / base[i][figure]!)) }
}
