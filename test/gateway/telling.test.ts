import { expect, test } from 'vitest'
import { chat, startGateway, textOf } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream } from '../support/upstream.ts'

test('a head that went before the decision has it told in comments, in front of the answer', async () => {
  const small = await upstream(() => ({ words: unsure, firstMs: 120 }))
  const large = await upstream(() => ({ words: [['large', -1]] }))
  const { ask } = await startGateway({ small: small.url, large: large.url, limits: { keepaliveMs: 20 } })
  const reply = await ask(chat({ stream: true }))
  expect([reply.status, textOf(reply)]).toEqual([200, 'large'])
  expect(reply.headers.get('x-spillway-decision')).toBe(null)
  const [before] = reply.text.split('data: ')
  expect(before).toMatch(/^(?:: still at work\n\n)+: x-spillway-id: id-0\n(?:: x-spillway-[a-z]+: .+\n)+\n$/)
  expect(before).toContain(': x-spillway-decision: escalate\n: x-spillway-outcome: escalated\n')
})

test('names in any script are told in headers as URLs have them', async () => {
  const [small, large] = [await upstream(), await upstream()]
  const warnings = ['«模型» \ud800 is asked']
  const { ask, records } = await startGateway({ small: small.url, large: large.url, cascade: { warnings } })
  for (const stream of [false, true]) {
    const { status, headers } = await ask(chat({ stream }))
    const warning = headers.get('x-spillway-warning')!
    expect([status, decodeURIComponent(warning)]).toEqual([200, '«模型» \ufffd is asked'])
  }
  expect(records).toMatchObject([{ warnings }, { warnings }])
})
