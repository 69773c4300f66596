import * as Plot from '@observablehq/plot'
import { draw } from '../../../charts/draw.ts'
import { sumsOf } from '../model/slots.ts'
import { many, shortOutcome } from '../model/words.ts'
import { lookOf, outcomeColors, outcomeOrder, timeAxis, type LiveChart } from './live-chart.ts'

/** How many requests there were, over time, by what became of them. */
export const outcomesChart: LiveChart = ({ window, slots, name }, options) => {
  const look = lookOf(options)
  const colors = outcomeColors(look.theme)
  const whole = sumsOf(window, name)
  const seen = outcomeOrder.filter((outcome) => (whole.outcomes[outcome] ?? 0) > 0)
  const bars = slots.flatMap(({ start, end, sums }) => {
    let top = 0
    return seen.flatMap((outcome) => {
      const from = top
      top += sums.outcomes[outcome] ?? 0
      return top === from ? [] : [{ start, end, from, to: top, outcome }]
    })
  })
  const most = Math.max(5, ...bars.map(({ to }) => to))
  return draw(
    {
      name: 'outcomes',
      label: `Requests over time, by what became of them; ${many(whole.requests, 'request')} in all.`,
      x: timeAxis(slots, options.width),
      y: { title: 'Requests', domain: [0, most] },
      legend: seen.map((outcome) => ({ text: shortOutcome(outcome), color: colors[outcome], kind: 'area' })),
      base: [
        Plot.rect(bars, {
          x1: 'start',
          x2: 'end',
          y1: 'from',
          y2: 'to',
          fill: ({ outcome }: (typeof bars)[number]) => colors[outcome],
          inset: 0.4,
        }),
      ],
      selection: [],
    },
    look,
    options,
  )
}
