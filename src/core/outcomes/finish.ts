import { SpillwayError } from '../errors.ts'
import type { OutcomesBuilder } from './builder.ts'
import { stemOf } from './source.ts'
import type { SourceRows } from './source-rows.ts'
import { agreedTopK, sameNumber } from './agreement.ts'
import { completeRows, missingValues } from './completeness.ts'
import type { Field } from './fields.ts'
import type { Finding } from './findings.ts'
import { finishModels } from './finish-models.ts'
import { lint } from './lint.ts'
import { finishPair, pairFacts } from './finish-pair.ts'
import type { Groups, ModelColumns, Outcomes } from './outcomes.ts'
import { requireColumns, requireFirstSignal } from './require.ts'
import { usedModels } from './used-models.ts'

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
  const used = usedModels(builder, sources)
  const facts = used === undefined ? pairFacts(builder) : undefined
  const findings = [...numbers.values()].flatMap(({ column }) => column.findings())
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new SpillwayError('bad-input', errors.map(({ message }) => message).join('\n'))
  requireColumns(builder, sources, used)

  const verifyCost = numbers.get('verify.cost')?.column.takeKnown(rows)
  const datasets = [...builder.datasets.names.keys()]
  const all: Outcomes = {
    rows,
    ...(facts === undefined ? finishModels(builder, used!, findings) : finishPair(builder, facts)),
    verify: verifyCost && { cost: verifyCost },
    topK: agreedTopK(numbers.get('small.top_k'), rows),
    temperature: sameNumber(numbers.get('small.temperature'), rows),
    groups: groupsOf(builder),
    datasets: datasets.map((name) => name || (main.source.dataset ?? stemOf(main.source.name))),
    dataset: datasetCodes(builder),
    place: main.placeOf,
  }
  if (all.models !== undefined && options.needsQuality !== false) requireFirstSignal(all.models, sources)
  findings.push(...missingValues(all, numbers))
  // A row that was not verified cost nothing to verify.
  verifyCost?.forEach((cost, row) => (verifyCost[row] = Number.isNaN(cost) ? 0 : cost))
  const outcomes = completeRows(all, neededFields(all, builder), numbers, findings)
  findings.push(...lint(outcomes, builder, sources))
  return { outcomes, findings }
}

/** Columns in which a row must have a value: every quality, and the costs that are known. */
function neededFields({ models, small, large }: Outcomes, { numbers, options }: OutcomesBuilder): Field[] {
  if (options.needsQuality === false) return []
  const sides: [`models.${string}` | 'small' | 'large', ModelColumns][] = models?.map((model) => [
    `models.${model.name}`,
    model,
  ]) ?? [
    ['small', small],
    ['large', large],
  ]
  const costs = sides.filter(([, { cost }]) => cost !== undefined).map(([side]): Field => `${side}.cost`)
  return [
    ...sides.map(([side]): Field => `${side}.quality`),
    // A cost that the user gives has no column.
    ...costs.filter((field) => numbers.has(field)),
  ]
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
