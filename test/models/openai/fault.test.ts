import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { faultAt } from '../../../src/models/openai/fault.ts'
import { scrub, secretsOf } from '../../../src/models/openai/secrets.ts'
import { transportFault } from '../../../src/models/openai/transport-fault.ts'

const place = { place: 'https://host/v1', secrets: ['sk-1234'] }
const withCode = (code: string, message = 'odd') => Object.assign(new Error(message), { code })

test.each([
  ['ECONNREFUSED', 'connection refused; is the server running?', true],
  ['ENOTFOUND', 'there is no host of that name; is the URL right?', false],
  ['ECONNRESET', 'the server cut the connection before the answer was whole; its log may say why', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'the host cannot be reached; is the URL right, and is there a firewall?', true],
  [
    'CERT_HAS_EXPIRED',
    "the server's certificate is not trusted (CERT_HAS_EXPIRED); NODE_EXTRA_CA_CERTS can add one",
    false,
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    "the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); NODE_EXTRA_CA_CERTS can add one",
    false,
  ],
  ['HPE_INVALID_CONSTANT', 'the answer is no HTTP; should the URL begin with https://?', false],
  ['EODD', 'odd', false],
])('a connection that fails with %s says what to do', (code, text, retryable) => {
  expect(transportFault(place, withCode(code))).toMatchObject({ message: `https://host/v1: ${text}`, retryable })
})

test('a host whose every address fails is told by the first', () => {
  const all = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')])
  expect(transportFault(place, all).message).toContain('connection refused')
})

test('a cause is kept unless it holds a secret', () => {
  expect(faultAt(place, 'x', { cause: withCode('E') }).cause).toMatchObject({ code: 'E' })
  const telling = faultAt(place, 'sk-1234', {
    cause: Object.assign(new Error('x'), { data: { sent: 'Bearer sk-1234' } }),
  })
  expect(telling.cause).toBeUndefined()
  expect(inspect(telling)).not.toContain('sk-1234')
})

test('secrets are the values of telling names, whole and in parts', () => {
  expect(secretsOf({ authorization: 'Bearer sk-1', 'x-api-key': 'k', accept: 'json' })).toEqual([
    'Bearer sk-1',
    'sk-1',
    'k',
    'k',
  ])
})

test('a secret is scrubbed as it stands, in a URL and in JSON, if it is long enough to be one', () => {
  const secrets = ['a/b"c', 'no']
  expect(scrub('a/b"c a%2Fb%22c a/b\\"c no', secrets)).toBe('*** *** *** no')
})
