import { SpillwayError } from '../errors.ts'
import type { BuiltColumn } from './builder.ts'
import { fieldLabel, type Field } from './fields.ts'
import { plural, type Finding } from './findings.ts'
import { modelPartOf } from './model-fields.ts'
import type { Outcomes } from './outcomes.ts'
import { selectRows } from './select.ts'

function valuesOf(outcomes: Outcomes, field: Field): Float64Array | undefined {
  const part = modelPartOf(field)
  if (part !== undefined) {
    const model = outcomes.models?.find(({ name }) => name === part.model)
    if (part.what === 'quality' || part.what === 'cost') return model?.[part.what]
    return model?.signals.find(({ name }) => name === part.signal)?.values
  }
  const [side, what] = field.split('.')
  if (side === 'small' || side === 'large') return outcomes[side][what as 'quality' | 'cost']
  if (field === 'verify.cost') return outcomes.verify?.cost
  return outcomes.signals.find(({ name }) => name === fieldLabel(field))?.values
}

/** One finding for each column that lacks values, with the first row that does. */
export function missingValues(outcomes: Outcomes, numbers: ReadonlyMap<Field, BuiltColumn>): Finding[] {
  const findings: Finding[] = []
  const last = outcomes.models?.at(-1)?.name
  for (const [field, { column, source }] of numbers) {
    const part = modelPartOf(field)
    // Nothing is decided by the signals of the last model: it has nowhere to escalate to.
    if (part?.what === 'signal' && part.model === last) continue
    const values = valuesOf(outcomes, field)
    if (values === undefined) continue
    let [count, first] = [0, 0]
    for (let row = values.length - 1; row >= 0; row--) {
      if (!Number.isNaN(values[row])) continue
      count++
      first = row
    }
    const { label, nonFinite } = column
    if (count === nonFinite) continue // the column's own findings say so
    const what = nonFinite > 0 ? 'missing or not finite' : 'missing'
    const where =
      count === values.length
        ? 'in every row'
        : `in ${count} of ${plural(values.length, 'row')}, first ${source.placeOf(first)}`
    const escalate =
      field.startsWith('signal:') || part?.what === 'signal' ? '; without it a row escalates by default' : ''
    findings.push({
      level: 'warning',
      code: 'missing',
      column: label,
      rows: count,
      message: `${label} is ${what} ${where}${escalate}`,
    })
  }
  return findings
}

/** Leaves out rows of which a quality or cost is unknown, and says so. */
export function completeRows(
  outcomes: Outcomes,
  needed: readonly Field[],
  numbers: ReadonlyMap<Field, BuiltColumn>,
  findings: Finding[],
): Outcomes {
  const columns = needed.map((field) => valuesOf(outcomes, field)!)
  const incomplete = new Uint8Array(outcomes.rows)
  for (const values of columns)
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) incomplete[row] = 1
  if (!incomplete.includes(1)) return outcomes
  const complete = new Uint32Array(outcomes.rows).map((_, row) => row).filter((row) => incomplete[row] === 0)
  const dropped = outcomes.rows - complete.length
  if (complete.length === 0) {
    const labels = needed.map((field) => numbers.get(field)!.column.label).join(', ')
    throw new SpillwayError(
      'bad-input',
      `${outcomes.place(0)}: neither this row nor any other has a number in all of ${labels}`,
    )
  }
  findings.push({
    level: 'warning',
    code: 'incomplete-rows',
    rows: dropped,
    message: `${plural(dropped, 'row')} left out, where a quality or cost is missing: ${complete.length} remain`,
  })
  return selectRows(outcomes, complete)
}
