import { parseHTML } from 'linkedom'
import type { ChartOptions } from '../charts/chart.ts'
import { charts } from '../charts/charts.ts'
import type { FigureName } from '../charts/names.ts'
import type { FigureData } from '../figures/figure-data.ts'
import { PIXELS_PER_INCH, type Inches } from './size.ts'

/** What a chart is told beside its data and size. */
export type ChartChoice = Pick<ChartOptions, 'signal' | 'stop'> & { theme?: ChartOptions['theme'] }

/** A chart as the text of an SVG file, its letters still letters; no browser is needed. */
export function chartSvg(
  name: FigureName,
  data: FigureData,
  { width, height }: Inches,
  { theme = 'print', ...choice }: ChartChoice = {},
): string {
  const { document } = parseHTML('<html><body></body></html>')
  const element = charts[name](data, {
    ...choice,
    theme,
    document,
    width: width * PIXELS_PER_INCH,
    height: height * PIXELS_PER_INCH,
  })
  // Plot numbers the frame that it clips to, across all charts of a process; in a file of its own there is one.
  return String(element.outerHTML).replaceAll(/plot-clip-\d+/g, 'frame')
}
