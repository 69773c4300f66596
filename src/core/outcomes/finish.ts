import { SpillwayError } from '../errors.ts'
import type { OutcomesBuilder } from './builder.ts'
import type { SourceRows } from './source-rows.ts'
import { completeRows, missingValues } from './completeness.ts'
import { qualityFields, type Field } from './fields.ts'
import type { Finding } from './findings.ts'
import { lint } from './lint.ts'
import type { Groups, Outcomes, SignalColumn } from './outcomes.ts'
import { requireColumns } from './require.ts'

/** Outcomes, and what is odd about them. */
export interface LintedOutcomes {
  outcomes: Outcomes
  findings: Finding[]
}

/**
 * Turns filled columns into outcomes: checks them, leaves out rows that lack a quality or cost, makes the groups.
 * @throws SpillwayError `bad-input` where a needed column is absent or a value cannot be what its column says
 */
export function finishOutcomes(builder: OutcomesBuilder, sources: readonly SourceRows[]): LintedOutcomes {
  const { numbers, rows, options } = builder
  const main = sources[0]
  const findings = [...numbers.values()].flatMap(({ column }) => column.findings())
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new SpillwayError('bad-input', errors.map(({ message }) => message).join('\n'))
  requireColumns(builder, sources)

  const take = (field: Field): Float64Array | undefined => numbers.get(field)?.column.take(rows)
  const signals = [...builder.definitions].map(([name, definition]): SignalColumn => ({
    ...definition,
    name,
    values: take(`signal:${name}`)!,
  }))
  const model = (name: 'small' | 'large') => ({
    quality: take(`${name}.quality`) ?? new Float64Array(rows).fill(NaN),
    cost: known(take(`${name}.cost`)),
  })
  const verifyCost = known(take('verify.cost'))
  const names = [...builder.datasets.names.keys()]
  const all: Outcomes = {
    rows,
    small: model('small'),
    large: model('large'),
    verify: verifyCost && { cost: verifyCost },
    signals,
    groups: groupsOf(builder),
    datasets: names.map((name) => name || stem(main.source.name)),
    dataset: datasetCodes(builder),
    texts: options.texts === true ? builder.texts : undefined,
    place: main.placeOf,
  }
  findings.push(...missingValues(all, numbers))
  // A row that was not verified cost nothing to verify.
  verifyCost?.forEach((cost, row) => (verifyCost[row] = Number.isNaN(cost) ? 0 : cost))
  const costs = (['small', 'large'] as const).filter((name) => all[name].cost !== undefined)
  const needed: Field[] =
    options.needsQuality === false ? [] : [...qualityFields, ...costs.map((name) => `${name}.cost` as const)]
  const outcomes = completeRows(all, needed, numbers, findings)
  findings.push(...lint(outcomes, builder, sources))
  return { outcomes, findings }
}

function groupsOf({ groups, ids, rows }: OutcomesBuilder): Groups {
  if (groups.present) return { ...groups.codes(rows), from: 'group' }
  if (ids.present) {
    const byId = ids.codes(rows)
    return { ...byId, from: byId.count < rows ? 'id' : 'row' }
  }
  return { codes: new Uint32Array(rows).map((_, row) => row), count: rows, from: 'row' }
}

function datasetCodes({ datasets, rows }: OutcomesBuilder): Uint32Array | undefined {
  if (datasets.names.size <= 1) return undefined
  datasets.codes.padTo(rows)
  return datasets.codes.take()
}

/** A column without any value is as good as none. */
const known = (values: Float64Array | undefined): Float64Array | undefined =>
  values?.some(Number.isFinite) === true ? values : undefined

const stem = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/(\.(jsonl|ndjson|json|csv|gz))+$/, '') || 'outcomes'
