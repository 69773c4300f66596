import type { Chart } from './chart.ts'
import { decilePicture } from './decile-chart.ts'
import { draw } from './draw.ts'
import { percent } from './format.ts'
import { viewOf } from './view.ts'

/** How often the small model is right, by how certain it is. */
export const calibration: Chart = (data, options) => {
  const view = viewOf(data, options)
  const picture = decilePicture(data, view, {
    name: 'calibration',
    label: `Share of right answers of the small model by tenths of the rows, from the least certain by ${view.signal.signal} on.`,
    title: 'Right answers of the small model',
    color: view.theme.right,
    format: percent,
    of: ({ right }) => right,
    domain: () => [0, 1],
  })
  return draw(picture, view, options)
}
