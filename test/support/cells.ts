import { createHash } from 'node:crypto'
import { BUCKETS, type CellRequest, type Cells } from '../../src/core/statistics/cells.ts'
import { edgeOf } from '../../src/core/statistics/bin-key.ts'
import { findColumn, type Outcomes } from '../../src/core/outcomes/outcomes.ts'

/** The bucket of a group, as its definition has it. */
export function bucketOf(group: string): number {
  const digest = createHash('md5').update(group).digest()
  return digest.readUInt16LE(8) % BUCKETS
}

/** Cells made in the plain way, from rows and the names of their groups; in order of bin, then bucket. */
export function cellsOfRows(outcomes: Outcomes, groups: readonly string[], request: CellRequest): Cells {
  const { values, direction } = findColumn(outcomes, request.signal)!
  const sign = direction === 'higher' ? 1 : -1
  const { cut = -Infinity, bits } = request
  const cells = new Map<string, Record<keyof Cells, number>>()
  for (let row = 0; row < outcomes.rows; row++) {
    const key = sign * values[row] + 0
    const bucket = bucketOf(groups[row])
    const edge = Number.isFinite(key) ? edgeOf(key, bits) : NaN
    const low = key >= cut ? Math.max(edge, cut) : edge
    const name = Number.isFinite(key) ? `${edgeOf(key, bits)} ${key >= cut} ${bucket}` : `missing ${bucket}`
    const cell = cells.get(name) ?? {
      buckets: bucket,
      least: low,
      most: low,
      rows: 0,
      small: 0,
      gain: 0,
      upside: 0,
      extraCost: 0,
      wrong: 0,
      better: 0,
      costSmall: 0,
      costVerify: 0,
    }
    cells.set(name, cell)
    const [small, large] = [outcomes.small.quality[row], outcomes.large.quality[row]]
    cell.rows++
    cell.small += small
    cell.gain += large - small
    cell.wrong += Number(small < request.wrongBelow)
    cell.better += Number(large > small)
    if (request.sumCosts.large) cell.extraCost += outcomes.large.cost?.[row] ?? 0
    if (request.sumCosts.small) cell.costSmall += outcomes.small.cost?.[row] ?? 0
    if (request.sumCosts.verify) cell.costVerify += outcomes.verify?.cost[row] ?? 0
  }
  return columnsOf([...cells.values()])
}

const names = [
  'buckets',
  'least',
  'most',
  'rows',
  'small',
  'gain',
  'upside',
  'extraCost',
  'wrong',
  'better',
  'costSmall',
  'costVerify',
] as const

function columnsOf(list: Record<keyof Cells, number>[]): Cells {
  // Cells without the signal have no least value: they come last, by bucket.
  const place = ({ least }: { least: number }) => (Number.isFinite(least) ? least : Infinity)
  const sorted = list.toSorted((a, b) => (place(a) === place(b) ? a.buckets - b.buckets : place(a) < place(b) ? -1 : 1))
  return Object.fromEntries(
    names.map((name) => [
      name,
      Float64Array.from(sorted, (cell) => (name === 'least' || name === 'most' ? finite(cell[name]) : cell[name])),
    ]),
  ) as unknown as Cells
}

const finite = (value: number): number => (Number.isFinite(value) ? value + 0 : NaN)

/** Cells in the same order. */
export const sortedCells = (cells: Cells): Cells =>
  columnsOf(Array.from(cells.rows, (_, i) => Object.fromEntries(names.map((name) => [name, cells[name][i]])) as never))
