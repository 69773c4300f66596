import * as Plot from '@observablehq/plot'
import { draw } from '../../../charts/draw.ts'
import type { Quantiles } from '../../../live/state.ts'
import { duration } from '../model/words.ts'
import { lookOf, type LiveChart } from './live-chart.ts'

interface Range extends Quantiles {
  /** From the top. */
  row: number
  of: 'first' | 'whole'
}

/** From the half to nineteen in twenty: first tokens above, whole answers below, of whole requests and of each model. */
export const latencyChart: LiveChart = ({ window }, options) => {
  const look = lookOf(options)
  const { theme } = look
  const { latencies } = window
  const ranges = latencies.flatMap(({ first_token, latency }, row): Range[] => [
    ...(first_token === null ? [] : [{ ...first_token, row: row - 0.16, of: 'first' as const }]),
    ...(latency === null ? [] : [{ ...latency, row: row + 0.16, of: 'whole' as const }]),
  ])
  const all = ranges.flatMap(({ p50, p95 }) => [p50, p95]).map(Math.log10)
  const domain: [number, number] =
    all.length === 0 ? [1, 4] : [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all) + 1e-9)]
  const decades = Array.from({ length: domain[1] - domain[0] + 1 }, (_, i) => domain[0] + i)
  const x = (key: 'p50' | 'p95') => (range: Range) => Math.log10(range[key])
  const of = (which: Range['of'], stroke: string) => {
    const some = ranges.filter((range) => range.of === which)
    return [
      Plot.link(some, {
        x1: x('p50'),
        x2: x('p95'),
        y1: 'row',
        y2: 'row',
        stroke,
        strokeWidth: 2.5,
        strokeLinecap: 'round',
      }),
      Plot.dot(some, { x: x('p50'), y: 'row', r: 4.5, fill: stroke }),
      Plot.ruleX(some, {
        x: x('p95'),
        y1: ({ row }: Range) => row - 0.1,
        y2: ({ row }: Range) => row + 0.1,
        stroke,
        strokeWidth: 2.5,
      }),
    ]
  }
  return draw(
    {
      name: 'latency',
      label:
        'Time to the first token and to the end, of whole requests and of the calls of each model, as in the table.',
      x: {
        title: 'from half of them (dot) to 95 %, logarithmic',
        domain,
        ticks: decades,
        format: (place) => duration(10 ** place),
      },
      y: {
        title: '',
        domain: [latencies.length - 0.5, -0.5],
        ticks: latencies.map((_, row) => row),
        format: (row) => latencies[row]?.model ?? 'requests',
      },
      legend: [
        { text: 'first token', color: theme.third, kind: 'dot' },
        { text: 'whole answer', color: theme.main, kind: 'dot' },
      ],
      base: [
        Plot.ruleX(decades.slice(1, -1), { stroke: theme.grid }),
        ...of('first', theme.third),
        ...of('whole', theme.main),
      ],
      selection: [],
    },
    look,
    options,
  )
}
