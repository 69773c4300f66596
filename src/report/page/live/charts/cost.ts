import * as Plot from '@observablehq/plot'
import { draw } from '../../../charts/draw.ts'
import { sumsOf } from '../model/slots.ts'
import { money } from '../model/words.ts'
import { lookOf, timeAxis, type LiveChart } from './live-chart.ts'

/** What was paid over time, and what always asking the large model would have cost. */
export const costChart: LiveChart = ({ window, slots, name, currency }, options) => {
  const look = lookOf(options)
  const { theme } = look
  const whole = sumsOf(window, name)
  const bars = slots
    .filter(({ sums }) => sums.requests > 0)
    .map(({ start, end, sums: { cost, saved } }) => ({ start, end, cost, always: cost + saved, saved }))
  const most = Math.max(0, ...bars.flatMap(({ cost, always }) => [cost, always]))
  const place = { x1: 'start', x2: 'end', insetLeft: 0.4, insetRight: 0.4 } as const
  const between = (fill: string, which: (saved: number) => boolean) =>
    Plot.rect(
      bars.filter(({ saved }) => which(saved)),
      { ...place, y1: 'cost', y2: 'always', fill, fillOpacity: 0.35 },
    )
  return draw(
    {
      name: 'cost',
      label: `Cost over time: ${money(whole.cost, currency)} paid and ${money(whole.saved, currency)} saved in all.`,
      x: timeAxis(slots, options.width),
      y: { title: `Cost (${currency})`, domain: [0, most === 0 ? 1 : most] },
      legend: [
        { text: 'paid', color: theme.main, kind: 'area' },
        { text: whole.saved < 0 ? 'lost' : 'saved', color: whole.saved < 0 ? theme.wrong : theme.third, kind: 'area' },
        { text: 'always large', color: theme.ink, kind: 'line', width: 1.5 },
      ],
      base: [
        Plot.rect(bars, { ...place, y1: 0, y2: 'cost', fill: theme.main }),
        between(theme.third, (saved) => saved > 0),
        between(theme.wrong, (saved) => saved < 0),
        Plot.link(bars, { x1: 'start', x2: 'end', y1: 'always', y2: 'always', stroke: theme.ink, strokeWidth: 1.5 }),
      ],
      selection: [],
    },
    look,
    options,
  )
}
