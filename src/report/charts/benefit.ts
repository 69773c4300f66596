import type { Chart } from './chart.ts'
import { decilePicture } from './decile-chart.ts'
import { draw } from './draw.ts'
import { paddedExtent } from './extent.ts'
import { signed } from './format.ts'
import { viewOf } from './view.ts'

/** What escalating gains in quality, by how certain the small model is. */
export const benefit: Chart = (data, options) => {
  const view = viewOf(data, options)
  const picture = decilePicture(data, view, {
    name: 'benefit',
    label: `Gain in mean quality by escalating, by tenths of the rows, from the least certain by ${view.signal.signal} on.`,
    title: 'Gain in mean quality by escalating',
    color: view.theme.third,
    format: signed,
    of: ({ gain }) => gain,
    domain: (bins) => paddedExtent([0, ...bins.flatMap(({ value, low = value, high = value }) => [low, high])], 0.05),
  })
  return draw(picture, view, options)
}
