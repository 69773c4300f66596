import type { OperatingPoint } from '../../core/sweep/operating-point.ts'
import type { FigureData, SignalFigure, RangeColumns } from '../figures/figure-data.ts'
import { stopPoint } from '../figures/stops.ts'
import type { ChartOptions } from './chart.ts'
import { themeOf, type Theme } from './theme.ts'

/** What is looked at: one signal, one of its stops, and how it is drawn. */
export interface View {
  theme: Theme
  fontSize: number
  /** How thick a line is that is so thick on a screen: on paper all are finer. */
  stroke: (width: number) => number
  /** Too narrow for long words. */
  narrow: boolean
  signal: SignalFigure
  /** The position of the signal and of the stop. */
  at: { signal: number; stop: number }
  point: OperatingPoint
}

const FONT_SIZES = { print: 10, narrow: 11, wide: 12.5 }
const NARROW = 420

export function viewOf(data: FigureData, options: ChartOptions): View {
  const { signal: at = 0, width } = options
  const signal = data.signals[at]
  const { stop = signal.opening } = options
  const theme = themeOf(options.theme)
  const narrow = width < NARROW
  return {
    theme,
    fontSize: theme.opaque ? FONT_SIZES.print : narrow ? FONT_SIZES.narrow : FONT_SIZES.wide,
    stroke: (width) => (theme.opaque ? 0.75 * width : width),
    narrow,
    signal,
    at: { signal: at, stop },
    point: stopPoint(signal, stop),
  }
}

/** An interval of columns at a stop; none: `undefined`. */
export function rangeAt({ low, high }: RangeColumns, stop: number): { low: number; high: number } | undefined {
  const [from, to] = [low[stop], high[stop]]
  return from === null || to === null ? undefined : { low: from, high: to }
}
