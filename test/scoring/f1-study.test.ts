import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { f1StudyScore } from '../../src/scoring/f1-study.ts'
import { f1Score } from '../../src/scoring/f1.ts'
import { hasSharedData, recorded } from '../support/shared.ts'

test.each([
  // "a" and "barn" of 7 and 3 words.
  ['Above the barn near a farm house.', 'in a barn', 0.4],
  ['in a barn near the farmhouse', 'in a barn', 2 / 3],
  ['No, she shared a hay bed with her mommy and 5 other sisters.', 'no', 1 / 7],
  ['No—she lived with her mother and five sisters.', 'no', 0],
  ['the', '', 0],
  ['...', '', 1],
])('%j against %j scores %f', (answer, reference, expected) => {
  expect(f1StudyScore(answer, [reference], {})).toBeCloseTo(expected, 12)
})

interface Row {
  gold_output: string
  slm_pred: string
  llm_pred: string
  perf_slm: number
  perf_llm: number
}

const rowsOf = (set: 'coqa' | 'qasper'): Row[] =>
  readFileSync(recorded(set)[0], 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test.skipIf(!hasSharedData).each(['coqa', 'qasper'] as const)('it gives every recorded quality of %s', (set) => {
  const rows = rowsOf(set)
  expect(rows).toHaveLength(1000)
  for (const { gold_output, slm_pred, llm_pred, perf_slm, perf_llm } of rows) {
    expect(Math.abs(f1StudyScore(slm_pred, [gold_output], {}) - perf_slm)).toBeLessThan(1e-9)
    expect(Math.abs(f1StudyScore(llm_pred, [gold_output], {}) - perf_llm)).toBeLessThan(1e-9)
  }
})

test.skipIf(!hasSharedData).each([
  ['coqa', 302, 216, 363],
  ['qasper', 568, 352, 604],
] as const)('SQuAD differs on %s: %i small answers, %i large ones, %i rows', (set, small, large, either) => {
  const differs = (answer: string, gold: string) =>
    Math.abs(f1Score(answer, [gold], {}) - f1StudyScore(answer, [gold], {})) > 1e-9
  const rows = rowsOf(set).map((row) => [
    differs(row.slm_pred, row.gold_output),
    differs(row.llm_pred, row.gold_output),
  ])
  expect(rows.filter(([s]) => s)).toHaveLength(small)
  expect(rows.filter(([, l]) => l)).toHaveLength(large)
  expect(rows.filter(([s, l]) => s || l)).toHaveLength(either)
})
