import type { Loaded } from './load.ts'

/** What a path took under one load. */
export interface Figures {
  /** ms. */
  p50: number
  p99: number
  perSecond: number
  /** CPU of the gateway's process a request, µs; the direct way has no gateway. */
  cpuUs?: number
}

export type Figure = keyof Figures

export const figuresOf = ({ requests, ms, p50, p99 }: Loaded, cpuUs?: number): Figures => ({
  p50,
  p99,
  perSecond: (1000 * requests) / ms,
  ...(cpuUs === undefined ? {} : { cpuUs: cpuUs / requests }),
})

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

/** What several rounds measured of a path, and of the pass-through beside it. */
export interface Rounds {
  own: Figures[]
  base: Figures[]
}

const each = ({ own, base }: Rounds, figure: Figure): [own: number, base: number][] =>
  own.flatMap((figures, i) => {
    const [a, b] = [figures[figure], base[i][figure]]
    return a === undefined || b === undefined ? [] : [[a, b]]
  })

/** Medians over the rounds: of a figure, of its ratio to the pass-through's, and of the difference. */
export const medianOf = ({ own }: Rounds, figure: Figure): number | undefined => {
  const values = own.flatMap((figures) => figures[figure] ?? [])
  return values.length === 0 ? undefined : median(values)
}

export const ratioOf = (rounds: Rounds, figure: Figure): number => median(each(rounds, figure).map(([a, b]) => a / b))

export const addedOf = (rounds: Rounds, figure: Figure): number => median(each(rounds, figure).map(([a, b]) => a - b))
