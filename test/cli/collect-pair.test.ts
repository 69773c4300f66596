import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOf, type Row } from '../support/collected.ts'
import { inFolder } from '../support/files.ts'
import { servePair, type PairServer } from '../support/pair-server.ts'
import { run } from '../support/process.ts'
import { openTiny, tinyPair } from '../support/tiny-pair.ts'
import type { LlamaCppModel } from '../../src/models/llama-cpp.ts'

const LIMIT = '60'
const config = `${tinyPair}/spillway.yaml`

let server: PairServer
let models: LlamaCppModel[]
let exact: Row[]

beforeAll(async () => {
  // One at a time: sequences that share a batch differ in the last digits.
  models = [await openTiny('small'), await openTiny('large')]
  server = await servePair({ small: models[0], large: models[1] })
  const out = inFolder('exact.jsonl')
  expect(await run(['collect', '--config', config, '--out', out, '--limit', LIMIT])).toMatchObject({
    code: 0,
  })
  exact = rowsOf(out)
}, 120_000)
afterAll(async () => {
  await server.close()
  for (const model of models) await model.close()
})

const near = (a: number | undefined, b: number | undefined) => expect(Math.abs(a! - b!)).toBeLessThan(1e-6)

/** Signals of chosen tokens alone, which do not depend on how much of the distribution is told. */
const chosen = [
  'mean_logprob',
  'sum_logprob',
  'min_logprob',
  'logprob_q10',
  'logprob_q25',
  'logprob_q50',
  'first_logprob',
  'perplexity',
  'length',
]

describe.each([
  ['chat', []],
  ['completions', ['--api', 'completions']],
])('over HTTP with the %s API the shipped pair gives', (api, flags) => {
  let rows: Row[]
  beforeAll(async () => {
    const out = inFolder(`${api}.jsonl`)
    const args = ['--small', `small@${server.url}`, '--large', `large@${server.url}`, '--cost', 'small=1,large=10']
    const ended = await run([
      'collect',
      '--config',
      config,
      '--out',
      out,
      '--limit',
      LIMIT,
      ...args,
      ...flags,
      '--concurrency',
      '2',
      '--top-logprobs',
      '5',
    ])
    expect(ended).toMatchObject({ code: 0 })
    rows = rowsOf(out)
  }, 120_000)

  test('the answers, qualities and costs that the files themselves give', () => {
    const facts = (from: Row[]) =>
      from.map(({ id, gold, small, large }) => [
        id,
        gold,
        ...[small, large].flatMap((side) => [
          side?.answer,
          side?.quality,
          side?.cost,
          side?.finish,
          side?.output_tokens,
        ]),
      ])
    expect(facts(rows)).toEqual(facts(exact))
  })

  test('their log-probability signals', () => {
    for (const [i, row] of rows.entries())
      for (const name of chosen) {
        // An answer of no tokens has none.
        if (exact[i].small?.signals[name] === undefined) expect(row.small?.signals[name]).toBeUndefined()
        else near(row.small?.signals[name], exact[i].small?.signals[name])
      }
    expect(rows.filter(({ small }) => small?.signals.mean_logprob !== undefined).length).toBeGreaterThan(50)
  })

  test('entropies from 5 alternatives that are no higher than exact ones, and near them', () => {
    const gaps: number[] = []
    for (const [i, { small }] of rows.entries()) {
      const [bound, whole] = [small?.signals.mean_entropy, exact[i].small?.signals.mean_entropy]
      if (whole === undefined) continue
      expect(small?.top_k).toBe(5)
      expect(bound).toBeLessThanOrEqual(whole + 1e-6)
      gaps.push(whole - bound!)
    }
    expect(gaps.length).toBeGreaterThan(50)
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(0.2)
    expect(exact.every(({ small }) => small?.top_k === undefined)).toBe(true)
  })

  test('margins that are the same', () => {
    for (const [i, { small }] of rows.entries())
      if (exact[i].small?.signals.mean_margin !== undefined)
        near(small?.signals.mean_margin, exact[i].small?.signals.mean_margin)
  })
})
