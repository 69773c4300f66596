import { expect, test } from 'vitest'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { describePolicy } from '../../../src/core/policy/describe.ts'
import { always, keepWhen } from '../../../src/core/policy/policy.ts'

test('a policy survives its file', () => {
  for (const policy of [
    always('escalate'),
    keepWhen(
      [
        { signal: 'mean_logprob', atLeast: -0.3 },
        { signal: 'mine', atMost: 2 },
      ],
      'keep',
    ),
  ])
    expect(parsePolicy(JSON.stringify(policy), 'p.json')).toEqual(policy)
})

test('a missing signal escalates where the file does not say', () => {
  expect(parsePolicy('{"version":1,"keepWhen":[{"signal":"mean_entropy","atMost":1}]}', 'p.json')).toMatchObject({
    onMissing: 'escalate',
  })
})

test.each([
  ['{', /p\.json: not valid JSON/],
  ['[]', /not a policy; expected/],
  ['{"version":1}', /not a policy/],
  ['{"version":1,"keepWhen":[]}', /not a policy/],
  ['{"version":1,"keepWhen":[{"signal":"mean_logprob","atLeast":"-0.3"}]}', /not a policy/],
  ['{"version":1,"always":"keep","keepWhen":[]}', /not a policy/],
  ['{"version":2,"always":"keep"}', /version 2; this Spillway reads version 1/],
  ['{"version":1,"keepWhen":[{"signal":"mean_entropy","atLeast":1}]}', /lower values are more certain; write "atMost"/],
  ['{"version":1,"keepWhen":[{"signal":"mean_logprob_at_8","atMost":-1}]}', /write "atLeast"/],
])('refuses %s', (text, message) => {
  expect(() => parsePolicy(text, 'p.json')).toThrow(message)
})

test('a policy reads as a sentence', () => {
  expect(
    describePolicy(
      keepWhen([
        { signal: 'a', atLeast: 1 },
        { signal: 'b', atMost: 2 },
      ]),
    ),
  ).toBe('keep when a >= 1 and b <= 2')
  expect(describePolicy(always('keep'))).toBe('always keep')
})
