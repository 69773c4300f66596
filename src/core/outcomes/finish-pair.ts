import { agreedNames } from './agreement.ts'
import type { OutcomesBuilder } from './builder.ts'
import { checkGivenCosts, costAtEnd } from './model-costs.ts'
import type { ModelColumns, Outcomes, SignalColumn } from './outcomes.ts'

/** What holds for every row of a small and a large model: their names, and costs that the user gives by these names. */
export interface PairFacts {
  names: Outcomes['names']
  costs: Partial<Record<'small' | 'large', number>>
}

/**
 * Settles names and the costs given by them, whose columns then do not count. Costs that the user gives as those of
 * `small` and `large` replace columns later on, in `resolveCosts`.
 * @throws SpillwayError where small models differ, and `usage` for a cost of a model that the data do not name
 */
export function pairFacts({ names: texts, numbers, options }: OutcomesBuilder): PairFacts {
  const names = agreedNames(texts)
  const { givenModelCosts: given = {} } = options
  const known = [names?.small, names?.large].filter((name) => name !== undefined)
  checkGivenCosts(given, known)
  const costs: PairFacts['costs'] = {}
  for (const end of ['small', 'large'] as const) {
    const cost = costAtEnd(given, end, names?.[end], known)
    if (cost === undefined || Object.hasOwn(given, end)) continue
    costs[end] = cost
    numbers.delete(`${end}.cost`)
  }
  return { names, costs }
}

/** The columns of a small and a large model. */
export function finishPair(
  { numbers, definitions, rows, options, texts }: OutcomesBuilder,
  { names, costs }: PairFacts,
): Pick<Outcomes, 'small' | 'large' | 'signals' | 'names' | 'texts'> {
  const model = (name: 'small' | 'large'): ModelColumns => {
    const given = costs[name]
    return {
      quality: numbers.get(`${name}.quality`)?.column.take(rows) ?? new Float64Array(rows).fill(NaN),
      cost:
        given === undefined ? numbers.get(`${name}.cost`)?.column.takeKnown(rows) : new Float64Array(rows).fill(given),
    }
  }
  const signals = [...definitions].map(([name, definition]): SignalColumn => ({
    ...definition,
    name,
    values: numbers.get(`signal:${name}`)!.column.take(rows),
  }))
  return { small: model('small'), large: model('large'), signals, names, texts: options.texts ? texts : undefined }
}
