import { expect, test } from 'vitest'
import {
  driftNews,
  driftText,
  duration,
  money,
  outcomeText,
  reasonText,
  share,
  uptimeText,
  valueText,
} from '../../../../src/report/page/live/model/words.ts'
import type { LiveSignal } from '../../../../src/report/live/state.ts'

test('numbers have units, and none has a dash', () => {
  expect([0.04, 3.12, 213.4, 999, 1270, 61_000].map(duration)).toEqual([
    '0 ms',
    '3.1 ms',
    '213 ms',
    '999 ms',
    '1.27 s',
    '61 s',
  ])
  expect([duration(null), duration(undefined), share(undefined)]).toEqual(['–', '–', '–'])
  expect([money(0.000154, 'USD'), money(1234.56, 'units'), money(-0.5, 'USD')]).toEqual([
    '0.000154 USD',
    '1,235 units',
    '−0.5 USD',
  ])
  expect([share(0.4055), uptimeText(59), uptimeText(3725), uptimeText(100_000)]).toEqual([
    '40.6 %',
    '0 min 59 s',
    '1 h 2 min',
    '1 d 3 h',
  ])
})

test('a value that is known by a bound says so', () => {
  expect(
    [-0.212345, { upper: -1.7 }, { lower: 2 }, { lower: 1, upper: 3 }, {}, null, undefined].map(valueText),
  ).toEqual(['−0.2123', '≤\u00a0−1.7', '≥\u00a02', '≤\u00a03', 'unknown', 'missing', 'missing'])
})

test('reasons and outcomes that nobody knows stay as they are', () => {
  expect([reasonText('condition-fails'), reasonText('another')]).toEqual(['not sure enough', 'another'])
  expect([outcomeText('aborted'), outcomeText('kept')]).toEqual(['client left', 'kept'])
})

test('drift is told in words', () => {
  const signal: LiveSignal = {
    cascade: 'cascade',
    stage: 'small',
    signal: 'mean_logprob',
    thresholds: [-1],
    kept: 'high',
    edges: [-1],
    bins: [],
    missing: { tuned: 0, traffic: 0 },
    drift: { verdict: 'drifted', requests: 500, unknown: 0, psi: 0.2345, pValue: 1e-9 },
  }
  const none = {
    ...signal,
    drift: { verdict: 'none-seen' as const, requests: 500, unknown: 0, psi: 0.02, pValue: 0.4 },
  }
  const few = { ...signal, drift: { verdict: 'too-few' as const, requests: 7, unknown: 0 } }
  expect([signal, none, few].map(driftText)).toEqual([
    'established, PSI 0.23',
    'none seen, PSI 0.02',
    'not known yet: it takes 100 requests, and there are 7',
  ])
  expect(driftText({ ...signal, drift: null, unknown_tuning: 'absent' })).toBe(
    'not known: the policy does not hold its tuning distribution',
  )
  expect(driftText({ ...signal, drift: null, unknown_tuning: 'other-thresholds' })).toMatch(
    /^not known: .* other thresholds$/,
  )
  expect(driftNews([none, signal])).toBe('mean_logprob of cascade has drifted from its tuning.')
  expect(driftNews([none, few])).toBe('')
})
