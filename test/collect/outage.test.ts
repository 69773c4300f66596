import { expect, test } from 'vitest'
import type { Call, Purpose, Role } from '../../src/collect/call.ts'
import { outageWatch } from '../../src/collect/outage.ts'
import { ModelError } from '../../src/models/model-error.ts'

const call = (role: Role = 'large', purpose: Purpose = 'answer'): Call => ({
  key: 'k',
  question: 1,
  role,
  purpose,
  request: { prompt: '' },
})
const error = (status?: number, retryable = false) =>
  new ModelError(`HTTP ${status}`, { place: 'x', status, retryable })
const watch = () => outageWatch({ small: 1, large: 1 })

test.each([
  ['a key that is refused', error(401)],
  ['an empty account', error(402)],
  ['a key that may not', error(403)],
  ['a model that is not there', error(404)],
  ['no quota left', error(429)],
  ['a server that is not there', error(undefined, true)],
])('%s ends it at once', (_, fault) => {
  expect(watch().failed(call(), fault, false)).toBe(fault)
})

test.each([
  ['a prompt that is too long', error(400)],
  ['a server that fails now and then', error(503, true)],
  ['a local model that cannot', error()],
])('%s is tried three times before it ends a run without any answer', (_, fault) => {
  const { failed } = watch()
  expect(failed(call(), fault, false)).toBeUndefined()
  expect(failed(call(), fault, false)).toBeUndefined()
  expect(failed(call(), fault, false)).toBe(fault)
})

test('twenty failures in a row are an outage once there have been answers, and one success begins anew', () => {
  const { answered, failed } = watch()
  answered(call())
  for (let i = 0; i < 19; i++) expect(failed(call(), error(503, true), false)).toBeUndefined()
  answered(call())
  for (let i = 0; i < 19; i++) expect(failed(call(), error(503, true), false)).toBeUndefined()
  const fault = failed(call(), error(503, true), false)
  expect(fault?.message).toBe(
    'the large model has failed 20 times in a row; finished calls are kept, and the same command goes on from here. The last error: HTTP 503',
  )
})

test('with many calls at once it takes twice as many failures', () => {
  const { answered, failed } = outageWatch({ small: 1, large: 40 })
  answered(call())
  for (let i = 0; i < 79; i++) expect(failed(call(), error(503, true), false)).toBeUndefined()
  expect(failed(call(), error(503, true), false)).toBeDefined()
})

test('a working model may refuse any number of questions that are too long', () => {
  const { answered, failed } = watch()
  answered(call())
  for (let i = 0; i < 1000; i++) expect(failed(call(), error(400), false)).toBeUndefined()
})

test('questions that failed in an earlier run do not end the next one before it has begun', () => {
  const { failed } = watch()
  for (let i = 0; i < 1000; i++) expect(failed(call(), error(400), true)).toBeUndefined()
  for (let i = 0; i < 19; i++) expect(failed(call(), error(503, true), true)).toBeUndefined()
  expect(failed(call(), error(503, true), true)).toBeDefined()
})

test('each kind of call has to be answered for itself', () => {
  const { answered, failed, hasAnswered } = watch()
  answered(call('small'))
  expect(hasAnswered(call('small'))).toBe(true)
  expect(hasAnswered(call('small', 'p_true'))).toBe(false)
  const fault = error(400)
  expect(failed(call('small', 'p_true'), fault, false)).toBeUndefined()
  expect(failed(call('small', 'verify'), fault, false)).toBeUndefined()
  expect(failed(call('small', 'p_true'), fault, false)).toBeUndefined()
  expect(failed(call('small', 'p_true'), fault, false)).toBe(fault)
})
