import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  listEnd,
  readList,
  stringEnd,
  type Alternatives,
  type ListedToken,
} from '../../../src/models/openai/listed-tokens.ts'
import { damaged, spaces, tokenLists } from '../../support/listed-answers.ts'

interface Entry extends Record<string, unknown> {
  top_logprobs?: Entry[]
}

/** What is read of a token. */
const tokenOf = ({ token, logprob, bytes, top_logprobs: top }: Entry, alternatives: Alternatives): object => ({
  token,
  logprob,
  ...(bytes === undefined ? {} : { bytes }),
  ...(alternatives !== 'none' && top
    ? { top_logprobs: alternatives === 'texts' ? top : top.map((each) => ({ logprob: each.logprob })) }
    : {}),
})

/** JSON.parse of a list, as it is read. */
const parsed = (json: string, alternatives: Alternatives): unknown =>
  (JSON.parse(json) as Entry[]).map((entry) => tokenOf(entry, alternatives))

const read = (json: string, alternatives: Alternatives): ListedToken[] | undefined => {
  const from = /^\[\s*/.exec(json)![0].length
  const list = readList(json, from, alternatives)
  expect(listEnd(json, from)).toBe(list?.end)
  return list?.end === json.length - 1 ? list.tokens : undefined
}

const wanted = fc.constantFrom<Alternatives[]>('none', 'logprobs', 'texts')

test('a list in a usual layout is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(tokenLists, spaces, wanted, (list, space, alternatives) => {
      const json = JSON.stringify(list, null, space)
      expect(read(json, alternatives)).toStrictEqual(parsed(json, alternatives))
    }),
    { numRuns: 1000 },
  )
})

test('no list is read that JSON.parse would not read alike', () => {
  const lists = fc.tuple(tokenLists, spaces).map(([list, space]) => JSON.stringify(list, null, space))
  fc.assert(
    fc.property(
      damaged(lists).filter((json) => json.startsWith('[')),
      wanted,
      (json, alternatives) => {
        const tokens = read(json, alternatives)
        if (tokens !== undefined) expect(tokens).toStrictEqual(parsed(json, alternatives))
      },
    ),
    { numRuns: 5000 },
  )
})

test.each([
  '[]',
  '[{"token":"a","logprob":NaN}]',
  '[{"token":"a","logprob":-1,"prob":0.1}]',
  '[{"logprob":-1,"token":"a"}]',
  '[{"token":"a","logprob":-01}]',
  '[{"token":"a","logprob":-1},]',
  '[{"token":"a\n","logprob":-1}]',
])('%s is of another layout, or none', (json) => {
  expect(readList(json, 1, 'texts')).toBeUndefined()
})

test('time is in proportion to length, also where a list ends as no list does', () => {
  const top = Array.from({ length: 20 }, () => ({ token: 'b', logprob: -2 }))
  const entries = Array.from({ length: 5000 }, () => ({ token: 'a', logprob: -1, bytes: [97], top_logprobs: top }))
  const json = JSON.stringify(entries)
  const start = performance.now()
  expect(readList(`${json.slice(0, -1)}!`, 1, 'none')).toBeUndefined()
  expect(listEnd(json, 1)).toBe(json.length - 1)
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('what is too long for a pattern is of no layout, and no error', () => {
  const top = Array.from({ length: 2_000_000 }, () => '{"token":"b","logprob":-2}').join(',')
  const json = `[{"token":"a","logprob":-1,"top_logprobs":[${top}]}]`
  expect([undefined, json.length - 1]).toContain(readList(json, 1, 'none')?.end)
  const text = JSON.stringify('"'.repeat(20_000_000))
  expect([undefined, text.length]).toContain(stringEnd(text, 0))
})
