import { describe, expect, test } from 'vitest'
import { lintOutcomes } from '../../../src/data/read-outcomes.ts'
import { file, jsonl } from '../../support/files.ts'
import { hasSharedData, recorded } from '../../support/shared.ts'

const base = (i: number) => ({ id: `q${i}`, perf_slm: i % 2, perf_llm: 1, avg_logp: -i / 100 })
const rows = (count: number, change: (i: number) => object = () => ({})) =>
  jsonl(...Array.from({ length: count }, (_, i) => ({ ...base(i), ...change(i) })))
let files = 0
const found = async (text: string, options = {}) =>
  (await lintOutcomes(file(`lint${files++}.jsonl`, text), options)).findings

describe('lint', () => {
  test('says nothing about sound data', async () => {
    expect(await found(rows(60))).toEqual([])
  })
  test('counts missing values by column, with the first line', async () => {
    const findings = await found(rows(60, (i) => (i % 10 === 4 ? { avg_logp: null } : {})))
    expect(findings).toEqual([
      expect.objectContaining({ level: 'warning', code: 'missing', column: 'avg_logp', rows: 6 }),
    ])
    expect(findings[0].message).toMatch(
      /in 6 of 60 rows, first .*lint\d+\.jsonl:5; without it a row escalates by default$/,
    )
  })
  test('leaves out rows without a quality, and says how many', async () => {
    const path = file(
      'holes.jsonl',
      rows(60, (i) => (i === 3 ? { perf_llm: null } : {})),
    )
    const { outcomes, findings } = await lintOutcomes(path)
    expect(outcomes.rows).toBe(59)
    expect(outcomes.place(3)).toMatch(/:5$/)
    expect(findings.map(({ code }) => code)).toEqual(['missing', 'incomplete-rows'])
  })
  test('finds nats and bits that disagree', async () => {
    const agree = (i: number) => ({ avg_entropy_nats: i / 50, avg_entropy_bits: Math.fround(i / 50 / Math.LN2) })
    expect(await found(rows(60, agree))).toEqual([])
    const swapped = await found(rows(60, (i) => ({ avg_entropy_nats: i / 50, avg_entropy_bits: i / 50 })))
    expect(swapped).toEqual([expect.objectContaining({ code: 'bits-disagree', rows: 59 })])
    expect(swapped[0].message).toMatch(/first .*:2: /)
  })
  test('finds a constant signal and one with few values', async () => {
    expect(await found(rows(60, () => ({ avg_logp: -1 })))).toEqual([
      expect.objectContaining({ code: 'constant-signal' }),
    ])
    expect(await found(rows(60, (i) => ({ avg_logp: -(i % 4) })))).toEqual([
      expect.objectContaining({ code: 'few-values' }),
    ])
  })
  test('finds signals of another text than the scored answer, with the share of rows', async () => {
    const findings = await found(
      rows(60, (i) => ({ slm_pred: 'Paris ', generated_text: i % 4 === 0 ? 'London' : 'Paris' })),
    )
    expect(findings).toEqual([expect.objectContaining({ code: 'other-text', rows: 15 })])
    expect(findings[0].message).toMatch(/25 % of rows \(15 of 60\)/)
  })
  test('finds repeated ids and suggests the group, until it is named', async () => {
    const text = rows(90, (i) => ({ id: i % 45 }))
    const findings = await found(text)
    expect(findings).toEqual([expect.objectContaining({ code: 'repeated-ids', rows: 45 })])
    expect(findings[0].message).toContain('--group id')
    expect(await found(text, { group: 'id' })).toEqual([])
  })
  test('finds a small model that is better than the large one', async () => {
    expect(await found(rows(60, () => ({ perf_llm: 0.25 })))).toEqual([
      expect.objectContaining({ code: 'small-above-large' }),
    ])
  })
  test('warns of few rows and few groups', async () => {
    expect(await found(rows(1))).toContainEqual(expect.objectContaining({ code: 'few-rows' }))
    expect(await found(rows(60, (i) => ({ group: i % 5 })))).toEqual([expect.objectContaining({ code: 'few-rows' })])
  })
  test('takes rounding of float32 for rounding, not for an impossible value', async () => {
    expect(await found(rows(60, (i) => (i === 0 ? { avg_logp: 1.2e-7, perf_slm: 1.0000001 } : {})))).toEqual([])
  })
  test('names numeric columns that nothing uses, as a note', async () => {
    expect(await found(rows(60, (i) => ({ margin2: i, comment: 'x' })))).toEqual([
      expect.objectContaining({ level: 'note', code: 'unused-columns', message: expect.stringContaining('margin2') }),
    ])
  })
})

describe.skipIf(!hasSharedData)('on the recorded outcomes, lint tells what is wrong with them', () => {
  test.each([
    ['qasper', 924, /78 %/],
    ['coqa', 63, /56 %/],
  ] as const)('%s', async (set, groups, share) => {
    const [path, signalsFile] = recorded(set)
    const { outcomes, findings } = await lintOutcomes(path, { signalsFile })
    expect(outcomes.groups).toMatchObject({ count: groups, from: 'id' })
    expect(findings.map(({ code }) => code).toSorted()).toEqual(['few-values', 'other-text', 'repeated-ids'])
    expect(findings.find(({ code }) => code === 'other-text')!.message).toMatch(share)
  })
})
