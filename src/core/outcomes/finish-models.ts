import type { OutcomesBuilder } from './builder.ts'
import { costByName } from './costs.ts'
import type { Field } from './fields.ts'
import type { Finding } from './findings.ts'
import { checkGivenCosts, costAtEnd } from './model-costs.ts'
import { byCost } from './model-order.ts'
import type { ModelOutcomes } from './outcomes.ts'
import { viewOfAll } from './pair.ts'

/**
 * The columns of the models that are used, in cascade order; a finding says which order, where the user does not.
 * @throws SpillwayError `usage` for a cost of a model that the data do not name
 */
export function finishModels(
  builder: OutcomesBuilder,
  used: readonly string[],
  findings: Finding[],
): ReturnType<typeof viewOfAll> {
  const { models, options, texts } = builder
  checkGivenCosts(options.givenModelCosts ?? {}, [...models.keys()])
  let chain = used.map((name) => finishModel(builder, name))
  if (options.models === undefined) {
    const { ordered, finding } = byCost(chain)
    chain = ordered
    findings.push(finding)
  }
  return viewOfAll(costsAtEnds(builder, chain), options.texts === true ? texts : undefined)
}

function finishModel({ numbers, rows, models, options }: OutcomesBuilder, name: string): ModelOutcomes {
  const column = (field: Field) => numbers.get(field)?.column
  const { signals, answers } = models.get(name)!
  const given = costByName(options.givenModelCosts, name)
  return {
    name,
    quality: column(`models.${name}.quality`)?.take(rows) ?? new Float64Array(rows).fill(NaN),
    cost: given === undefined ? column(`models.${name}.cost`)?.takeKnown(rows) : new Float64Array(rows).fill(given),
    signals: [...signals].map(([signal, definition]) => ({
      ...definition,
      name: signal,
      values: column(`models.${name}.signals.${signal}`)!.take(rows),
    })),
    answers: options.texts === true ? answers.take(rows) : undefined,
  }
}

/** Costs that the user gives as those of `small` and `large` are the first and the last model's, in place of theirs. */
function costsAtEnds({ numbers, rows, models, options }: OutcomesBuilder, chain: ModelOutcomes[]): ModelOutcomes[] {
  const ends = { 0: 'small', [chain.length - 1]: 'large' } as Partial<Record<number, 'small' | 'large'>>
  return chain.map((model, i) => {
    const end = ends[i]
    const cost = end && costAtEnd(options.givenModelCosts ?? {}, end, model.name, [...models.keys()])
    if (cost === undefined) return model
    numbers.delete(`models.${model.name}.cost`)
    return { ...model, cost: new Float64Array(rows).fill(cost) }
  })
}
