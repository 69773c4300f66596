import type { ModelOutcomes, Outcomes } from './outcomes.ts'
import { viewOfAll } from './pair.ts'

/** The outcomes of some rows only, in the given order; columns are copied, groups numbered anew. */
export function selectRows(outcomes: Outcomes, rows: ArrayLike<number>): Outcomes {
  const numbers = (column: Float64Array): Float64Array => {
    const picked = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]]
    return picked
  }
  const codes = (column: Uint32Array): Uint32Array => Uint32Array.from(rows, (row) => column[row])
  const model = ({ quality, cost }: Outcomes['small']) => ({ quality: numbers(quality), cost: cost && numbers(cost) })
  const pick = <T>(list: T[]): T[] => Array.from(rows, (row) => list[row])
  const signals = (list: Outcomes['signals']) => list.map((signal) => ({ ...signal, values: numbers(signal.values) }))
  const { verify, dataset } = outcomes
  const texts = outcomes.texts && {
    id: pick(outcomes.texts.id),
    question: pick(outcomes.texts.question),
    gold: pick(outcomes.texts.gold),
    small: pick(outcomes.texts.small),
    large: pick(outcomes.texts.large),
  }
  const models = outcomes.models?.map((each): ModelOutcomes => ({
    ...each,
    ...model(each),
    signals: signals(each.signals),
    answers: each.answers && pick(each.answers),
  }))
  const sides =
    models === undefined
      ? { small: model(outcomes.small), large: model(outcomes.large), signals: signals(outcomes.signals), texts }
      : viewOfAll(models, texts)
  return {
    ...outcomes,
    rows: rows.length,
    ...sides,
    verify: verify && { cost: numbers(verify.cost) },
    groups: regroup(outcomes.groups, codes(outcomes.groups.codes)),
    dataset: dataset && codes(dataset),
    place: (row) => outcomes.place(rows[row]),
  }
}

/** Numbers the groups that are left from 0 again. */
function regroup(groups: Outcomes['groups'], codes: Uint32Array): Outcomes['groups'] {
  const renumbered = new Uint32Array(groups.count)
  let count = 0
  for (let i = 0; i < codes.length; i++) {
    if (renumbered[codes[i]] === 0) renumbered[codes[i]] = ++count
    codes[i] = renumbered[codes[i]] - 1
  }
  // Rows that repeated an id may all be gone: then every row stands alone.
  return { codes, count, from: groups.from === 'id' && count === codes.length ? 'row' : groups.from }
}

/** The rows of one data set, by its position in `outcomes.datasets`. */
export function rowsOfDataset(outcomes: Outcomes, dataset: number): Uint32Array {
  const { dataset: codes } = outcomes
  const rows: number[] = []
  for (let row = 0; row < outcomes.rows; row++) if ((codes?.[row] ?? 0) === dataset) rows.push(row)
  return Uint32Array.from(rows)
}
