import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { inFolder } from '../support/files.ts'
import { tinyPair } from '../support/tiny-pair.ts'

interface Row {
  id: string
  question: string
  gold: string
  small: { answer: string; quality: number; cost: number; signals: Record<string, number> }
  large: { answer: string; quality: number; cost: number }
}

const rowsOf = (path: string): Row[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
const shipped = rowsOf(`${tinyPair}/outcomes.jsonl`)

test('the shipped outcomes are what collect makes of the shipped models and questions', async () => {
  const out = inFolder('outcomes.jsonl')
  const run = await spillway(['collect', '--config', `${tinyPair}/spillway.yaml`, '--out', out, '--limit', '100'])
  expect(run).toMatchObject({ code: 0, stdout: '' })
  const collected = rowsOf(out)
  expect(collected.length).toBe(100)
  for (const [place, row] of collected.entries()) {
    const { small, large, ...rest } = shipped[place]
    expect(row).toMatchObject({ ...rest, large: { answer: large.answer, quality: large.quality, cost: large.cost } })
    expect(row.small).toMatchObject({ answer: small.answer, quality: small.quality, cost: small.cost })
    expect(Object.keys(row.small.signals)).toEqual(Object.keys(small.signals))
    // Other processors round otherwise.
    for (const [name, value] of Object.entries(row.small.signals))
      expect(Math.abs(value - small.signals[name])).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)))
  }
})

test('an answer of the shipped outcomes is right where it is the gold answer, and wrong elsewhere', () => {
  for (const { gold, small, large } of shipped) {
    expect(small.quality).toBe(small.answer === gold ? 1 : 0)
    expect(large.quality).toBe(large.answer === gold ? 1 : 0)
  }
})

test('the large model is right clearly more often, and no less often on any kind of question', () => {
  const shareOf = (rows: Row[], name: 'small' | 'large') =>
    rows.filter((row) => row[name].quality === 1).length / rows.length
  expect(shareOf(shipped, 'large')).toBeGreaterThan(shareOf(shipped, 'small') + 0.1)
  const kinds = new Map<string, Row[]>()
  for (const row of shipped) kinds.set(kindOf(row.question), [...(kinds.get(kindOf(row.question)) ?? []), row])
  expect(kinds.size).toBe(8)
  for (const [kind, rows] of kinds)
    expect([kind, shareOf(rows, 'large')]).toEqual([kind, Math.max(shareOf(rows, 'small'), shareOf(rows, 'large'))])
})

/** The eight kinds of tools/tiny-models/task.py, by how their questions read. */
const kindOf = (question: string): string =>
  /^(?:sort|max)/.exec(question)?.[0] ??
  /^\d+([-+*%])\d+=$/.exec(question)?.[1] ??
  (question.endsWith('d=') ? 'date' : 'look-up')
