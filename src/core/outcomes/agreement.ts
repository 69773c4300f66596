import { SpillwayError } from '../errors.ts'
import type { BuiltColumn } from './builder.ts'
import type { ValueSink } from './source-rows.ts'

interface Found {
  value: string
  place: string
}

/** A text that may be the same in every row: its first value, and the first other one. Rows without one do not count. */
export class SameText implements ValueSink {
  label = ''
  first: Found | undefined
  other: Found | undefined

  set(_row: number, value: unknown, place: () => string): void {
    if (value === '' || this.other !== undefined) return
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (this.first === undefined) this.first = { value: text, place: place() }
    else if (this.first.value !== text) this.other = { value: text, place: place() }
  }

  /** The one value; none, or two different ones: `undefined`. */
  get value(): string | undefined {
    return this.other === undefined ? this.first?.value : undefined
  }
}

/**
 * The names of the two models, as far as the rows agree; none: `undefined`.
 * @throws SpillwayError `bad-input` where the signals come from several small models
 */
export function agreedNames(
  names: Record<'small' | 'large', SameText>,
): { small?: string; large?: string } | undefined {
  const { label, first, other } = names.small
  if (first !== undefined && other !== undefined)
    throw new SpillwayError(
      'bad-input',
      `${other.place}: ${label} is ${other.value}, but ${first.value} at ${first.place}; signals of different models are not comparable: give each small model a file of its own`,
    )
  const [small, large] = [names.small.value, names.large.value]
  return small === undefined && large === undefined ? undefined : { small, large }
}

/**
 * The number of alternatives that entropies and margins were computed from; said by no row: `undefined`.
 * @throws SpillwayError `bad-input` where rows differ
 */
export function agreedTopK(built: BuiltColumn | undefined, rows: number): number | undefined {
  if (built === undefined) return undefined
  const { column, source } = built
  const values = column.take(rows)
  const first = values.findIndex(Number.isFinite)
  const other = values.findIndex((value) => Number.isFinite(value) && value !== values[first])
  if (other >= 0)
    throw new SpillwayError(
      'bad-input',
      `${source.placeOf(other)}: ${column.label} is ${values[other]}, but ${values[first]} at ${source.placeOf(first)}; signals of different k are not comparable: give each k a file of its own, or say with --map small.top_k=COLUMN which column holds it`,
    )
  return first < 0 ? undefined : values[first]
}

/** The one number of a column; said by no row, or different in some: `undefined`. */
export function sameNumber(built: BuiltColumn | undefined, rows: number): number | undefined {
  const known = built?.column.take(rows).filter(Number.isFinite) ?? []
  return known.every((value) => value === known[0]) ? known[0] : undefined
}
