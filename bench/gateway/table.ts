import { alignColumns } from '../../src/report/text-table.ts'
import { inMs, ratio } from '../timing.ts'
import { medianOf, ratioOf, type Figure } from './figures.ts'
import type { Line } from './rounds.ts'

const columns: Record<Figure, { head: string; show: (value: number) => string }> = {
  p50: { head: 'p50 ms', show: inMs },
  p99: { head: 'p99 ms', show: inMs },
  perSecond: { head: 'requests/s', show: (value) => value.toFixed(0) },
  cpuUs: { head: 'CPU µs', show: (value) => value.toFixed(0) },
}
const figures = Object.keys(columns) as Figure[]

/** Every figure with its ratio to the pass-through's. */
export function tableOf(lines: readonly Line[]): string {
  const head = ['answer', 'at once', 'path', ...figures.flatMap((figure) => [columns[figure].head, ''])]
  const rows = lines.map(({ form, concurrency, path, rounds }) => [
    form,
    String(concurrency),
    path.name,
    ...figures.flatMap((figure) => {
      const value = medianOf(rounds, figure)
      return value === undefined ? ['–', ''] : [columns[figure].show(value), ratio(ratioOf(rounds, figure))]
    }),
  ])
  return alignColumns([head, ...rows]).join('\n')
}
