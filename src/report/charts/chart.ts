import type * as Plot from '@observablehq/plot'
import type { FigureData } from '../figures/figure-data.ts'
import type { Theme, ThemeName } from './theme.ts'

/** The browser's document, or linkedom's. */
export type ChartDocument = NonNullable<Plot.PlotOptions['document']>

/** An SVG element. */
export type ChartElement = ReturnType<typeof Plot.plot>

export interface ChartOptions {
  document: ChartDocument
  /** In CSS pixels: at least 280 by 190. */
  width: number
  height: number
  theme: ThemeName | Theme
  /** Which signal is told about, by its position in `data.signals`. Default: the first, which is the best. */
  signal?: number
  /** Which of its stops is the operating point. Default: its `opening`. */
  stop?: number
  /**
   * `base`: all but the operating point; `selection`: nothing but the operating point, on the same scales and without
   * a background. Laid over each other they are the whole chart, and of a slider that moves only the second is drawn
   * anew. Default: `all`.
   */
  part?: 'all' | 'base' | 'selection'
}

/** A chart is a function of the data and of nothing else; it runs in a browser and in Node alike. */
export type Chart = (data: FigureData, options: ChartOptions) => ChartElement
