import * as Plot from '@observablehq/plot'
import { draw } from '../../../charts/draw.ts'
import { decidedOf, keptShare } from '../../../live/sums.ts'
import { coarserSlots, sumsOf } from '../model/slots.ts'
import { share } from '../model/words.ts'
import { lookOf, timeAxis, type LiveChart } from './live-chart.ts'

/** The share of answers that were kept, over time, beside that of the whole window. */
export const keptShareChart: LiveChart = ({ window, slots, name }, options) => {
  const look = lookOf(options)
  const { theme } = look
  const whole = keptShare(sumsOf(window, name))
  const points = coarserSlots(slots, decidedOf).map(({ start, end, sums }) => ({
    time: (start + end) / 2,
    share: keptShare(sums) ?? NaN,
  }))
  return draw(
    {
      name: 'kept-share',
      label: `Share of answers kept over time; ${share(whole)} in all.`,
      x: timeAxis(slots, options.width),
      y: { title: 'Answers kept', domain: [0, 1], format: (value) => `${Math.round(100 * value)} %` },
      base: [
        whole === undefined ? null : Plot.ruleY([whole], { stroke: theme.muted, strokeDasharray: '3 3' }),
        Plot.lineY(points, { x: 'time', y: 'share', stroke: theme.right, strokeWidth: 1.6 }),
        // One that has no neighbours is no line.
        Plot.dot(points, { x: 'time', y: 'share', r: 1.8, fill: theme.right }),
      ],
      selection: [],
    },
    look,
    options,
  )
}
