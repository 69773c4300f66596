import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decide } from '../../src/core/policy/decide.ts'
import { signalsRead, type Policy } from '../../src/core/policy/policy.ts'
import { textOf, type Reply } from '../support/client.ts'
import { soon, startServe } from '../support/serve.ts'
import { tinyPair } from '../support/tiny-pair.ts'

interface Row {
  question: string
  small: { answer: string; signals: Record<string, number> }
  large: { answer: string }
}
const policy = JSON.parse(readFileSync(`${tinyPair}/policy.json`, 'utf8')) as Policy
const [signal] = signalsRead(policy)
const rows = readFileSync(`${tinyPair}/outcomes.jsonl`, 'utf8')
  .split('\n')
  .slice(0, 24)
  .map((line) => JSON.parse(line) as Row)

/** A wish as the hint for curl has it. */
const wish = (question: string, more: object = {}) => ({
  model: 'cascade',
  messages: [{ role: 'user', content: question }],
  ...more,
})
const saidIn = ({ headers }: Reply) =>
  Object.fromEntries([...headers].filter(([name]) => /^x-spillway-(?!id$)/.test(name)))

test('serve --demo answers with two real models, whole and streamed, and decides as the policy does offline', async () => {
  const { ask, process, stop, lines } = await startServe({ args: ['--demo'] })
  for (const { question, small, large } of rows) {
    const { action } = decide(policy, small.signals)
    const kept = action === 'keep'
    for (const stream of [false, true]) {
      const reply = await ask(wish(question, { stream, temperature: 0 }))
      expect([reply.status, textOf(reply)]).toEqual([200, kept ? small.answer : large.answer])
      expect(saidIn(reply)).toEqual({
        'x-spillway-decision': action,
        'x-spillway-outcome': kept ? 'kept' : 'escalated',
        'x-spillway-stage': kept ? 'small' : 'large',
        // A stream is left as soon as its answer can only be escalated, and a bound is known.
        'x-spillway-signal': expect.stringMatching(new RegExp(`^${signal}=(?:<=)?[\\d.e-]+$`)),
        ...(stream ? {} : { 'x-spillway-cost': kept ? '1' : '11' }),
      })
      const told = Number(/-?[\d.e-]+$/.exec(reply.headers.get('x-spillway-signal')!)![0])
      if (stream && !kept) expect(told).toBeGreaterThan(small.signals[signal] - 1e-4)
      else expect(told).toBeCloseTo(small.signals[signal], 4)
      if (stream) expect(reply.data.at(-1)).toBe('[DONE]')
    }
  }
  const actions = new Set(rows.map(({ small }) => decide(policy, small.signals).action))
  expect(actions).toEqual(new Set(['keep', 'escalate']))
  const { code, stdout } = await stop()
  expect([code, stdout, lines()]).toEqual([0, '', []])
  expect(process.stderr()).not.toMatch(/fault|warn/i)
}, 60_000)

test('serve --demo says how to try it, and that works', async () => {
  const { ask, origin, process } = await startServe({ args: ['--demo'] })
  const hint = /^try: curl -i (\S+) -H '([^']+)' -d '([^']+)'$/m
  await expect.poll(process.stderr, soon).toMatch(hint)
  const [, url, type, body] = hint.exec(process.stderr())!
  expect([url, type]).toEqual([`${origin}/v1/chat/completions`, 'content-type: application/json'])
  const reply = await ask(body)
  expect([reply.status, textOf(reply)]).toEqual([200, expect.stringMatching(/^\d+$/)])
  expect(JSON.parse(reply.text)).toMatchObject({ object: 'chat.completion', choices: [{ logprobs: null }], usage: {} })
})

test('a local model refuses what it cannot do, and answers to many at once', async () => {
  const { ask } = await startServe({ args: ['--demo'] })
  for (const [field, value] of Object.entries({ tools: [], response_format: {}, n: '2' }))
    expect((await ask(wish('1+1=', { [field]: value }))).status).toBe(400)
  const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }]
  expect((await ask(wish('1+1=', { messages: image }))).status).toBe(400)
  const replies = await Promise.all(rows.slice(0, 12).map(({ question }) => ask(wish(question, { temperature: 0 }))))
  for (const [i, reply] of replies.entries()) {
    const { small, large } = rows[i]
    expect(textOf(reply)).toBe(decide(policy, small.signals).action === 'keep' ? small.answer : large.answer)
  }
})
