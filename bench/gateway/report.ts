import { alignColumns } from '../../src/report/text-table.ts'
import { inMs, ratio } from '../timing.ts'
import { medianOf, type Figure, type Rounds } from './figures.ts'

export interface Line {
  form: string
  concurrency: number
  path: string
  rounds: Rounds
}

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
    path,
    ...figures.flatMap((figure) => {
      const { value, ratio: times } = medianOf(rounds, figure)
      return [value === undefined ? '–' : columns[figure].show(value), times === undefined ? '' : ratio(times)]
    }),
  ])
  return alignColumns([head, ...rows]).join('\n')
}

/** What is to be reached, and what was. */
export interface Reach {
  what: string
  target: string
  measured: string
  met: boolean
}

export const reachOf = (all: readonly Reach[]): string =>
  alignColumns([
    ['reach', 'target', 'measured', ''],
    ...all.map(({ what, target, measured, met }) => [what, target, measured, met ? 'met' : 'NOT MET']),
  ]).join('\n')
