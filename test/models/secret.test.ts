import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { endpointOf } from '../../src/models/openai/endpoint.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { Secret } from '../../src/models/secret.ts'

const CANARY = 'sk-canary-4711'
const shown = (value: unknown): string =>
  [inspect(value, { depth: Infinity, showHidden: true }), JSON.stringify(value), String(value)].join('\n')

test('a secret shows itself to nobody but who asks for it', () => {
  const secret = new Secret(CANARY)
  expect(secret.reveal()).toBe(CANARY)
  expect(shown({ secret, list: [secret] })).not.toContain(CANARY)
  expect(`${String(secret)} ${JSON.stringify(secret)} ${inspect(secret)}`).toBe('[redacted] "[redacted]" [redacted]')
})

test('neither an endpoint nor a model that is printed shows its key or headers', async () => {
  const options = {
    url: 'http://localhost/v1',
    key: new Secret(CANARY),
    headers: { 'api-key': new Secret(`${CANARY}2`) },
  }
  const endpoint = endpointOf(options)
  expect(endpoint.headers()).toMatchObject({ authorization: `Bearer ${CANARY}`, 'api-key': `${CANARY}2` })
  const model = openAiModel({ ...options, id: 'm', model: 'm' })
  for (const each of [options, endpoint, model]) expect(shown(each)).not.toContain(CANARY)
  await model.close()
})
