import { SpillwayError } from '../errors.ts'
import type { Groups, Outcomes } from '../outcomes/outcomes.ts'
import { selectRows } from '../outcomes/select.ts'
import { foldOfRow } from '../stats/fold.ts'
import { seeded, shuffled } from '../stats/random.ts'

/** Shares of the groups by part. */
export interface SplitShares {
  select: number
  certify: number
  report: number
}

export const DEFAULT_SHARES: SplitShares = { select: 0.4, certify: 0.3, report: 0.3 }

/** Outcomes in three parts that have no group in common. */
export type Split = Record<keyof SplitShares, Outcomes>

/** Rows by part: the groups in random order, dealt out by their shares; a group is never broken. */
function deal({ codes, count }: Groups, ends: readonly number[], seed: number): Uint32Array[] {
  const order = shuffled(seeded(seed, 2), count)
  const partOf = new Uint16Array(count)
  for (let part = 0, i = 0; part < ends.length; part++) for (; i < ends[part]; i++) partOf[order[i]] = part
  const sizes = new Uint32Array(ends.length)
  for (const code of codes) sizes[partOf[code]]++
  const rows = Array.from(sizes, (size) => new Uint32Array(size))
  const filled = new Uint32Array(ends.length)
  codes.forEach((code, row) => {
    const part = partOf[code]
    rows[part][filled[part]++] = row
  })
  return rows
}

/**
 * Select, certify and report: thresholds are chosen on the first part, tested on the second, and told about on the
 * third. Every part that has a share has one group at least.
 * @throws SpillwayError `bad-input` where there are fewer groups than parts
 */
export function splitOutcomes(outcomes: Outcomes, seed: number, shares: SplitShares = DEFAULT_SHARES): Split {
  const { count } = outcomes.groups
  const parts = Object.values(shares).filter((share) => share > 0).length
  if (count < parts)
    throw new SpillwayError(
      'bad-input',
      `${count === 1 ? 'all rows are one group' : `there are ${count} groups`}; at least ${parts} are needed to select${parts > 2 ? ', certify' : ''} and report`,
    )
  const total = shares.select + shares.certify + shares.report
  const size = (share: number, most: number) =>
    share === 0 ? 0 : Math.min(most, Math.max(1, Math.round((count * share) / total)))
  const select = size(shares.select, count - parts + 1)
  const certify = size(shares.certify, count - 1 - select)
  const [a, b, c] = deal(outcomes.groups, [select, select + certify, count], seed)
  return { select: selectRows(outcomes, a), certify: selectRows(outcomes, b), report: selectRows(outcomes, c) }
}

/** A part held out, and the rest. */
export interface Fold {
  train: Uint32Array
  test: Uint32Array
}

/** K-fold cross-validation by group: every row is held out once. Fewer groups than folds: as many folds as groups. */
export function folds(outcomes: Outcomes, k: number, seed: number): Fold[] {
  const { count } = outcomes.groups
  if (k < 2) throw new SpillwayError('usage', 'cross-validation needs at least two folds')
  if (count < 2) throw new SpillwayError('bad-input', 'cross-validation needs at least two groups')
  const foldOf = foldOfRow(outcomes.groups, k, seed)
  const rows = new Uint32Array(outcomes.rows).map((_, row) => row)
  return Array.from({ length: Math.min(k, count) }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }))
}

/** A fold's two parts as outcomes of their own, and where the rows held out come from. */
export const foldParts = (outcomes: Outcomes, { train, test }: Fold) => ({
  rows: test,
  train: selectRows(outcomes, train),
  test: selectRows(outcomes, test),
})

/** K-fold cross-validation, repeated with other seeds. */
export const repeatedFolds = (outcomes: Outcomes, k: number, repeats: number, seed: number): Fold[][] =>
  Array.from({ length: repeats }, (_, repeat) => folds(outcomes, k, seed + repeat))

/**
 * How many groups of one size would tell as much: (Σ n)² / Σ n². Groups of very different size count less than their
 * number. (Kish 1965)
 */
export function effectiveGroups({ codes, count }: Groups): number {
  const sizes = groupSizes({ codes, count })
  let squares = 0
  for (const size of sizes) squares += size * size
  return squares === 0 ? 0 : codes.length ** 2 / squares
}

/** Rows by group. */
export function groupSizes({ codes, count }: Pick<Groups, 'codes' | 'count'>): Uint32Array {
  const sizes = new Uint32Array(count)
  for (const code of codes) sizes[code]++
  return sizes
}

/** Rows of the largest group. */
export const largestGroup = (groups: Groups): number =>
  groupSizes(groups).reduce((most, size) => Math.max(most, size), 0)
