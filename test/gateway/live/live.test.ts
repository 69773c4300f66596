import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecisionRecord, Outcome } from '../../../src/cascade/record.ts'
import { summaryOf } from '../../../src/gateway/sums.ts'
import { addSums, keptShare, noSums } from '../../../src/report/live/sums.ts'
import type { LiveState } from '../../../src/report/live/state.ts'
import { callOf, LIVE_START, liveScene, offerOf, recordOf, tunedPolicy } from '../../support/live.ts'

/** -0.05, -0.15, …, -2.95: a third at or above -1. */
const tuned = Array.from({ length: 900 }, (_, i) => -((i % 30) + 0.5) / 10)
const policy = tunedPolicy(tuned)
const signalOf = (state: LiveState, window: 'hour' | 'day' = 'hour') => state.windows[window].signals[0]
const trafficOf = (state: LiveState) => signalOf(state).bins.map(({ traffic }) => traffic)

const outcomes: Outcome[] = ['kept', 'escalated', 'small-failed', 'large-failed', 'passed', 'failed', 'aborted']
const record = fc
  .record({
    value: fc.oneof(fc.double({ min: -3, max: 0, noNaN: true }), fc.constantFrom(undefined, { upper: -1.5 })),
    outcome: fc.constantFrom(...outcomes),
    cascade: fc.constantFrom('cascade', 'small'),
    cost: fc.option(fc.integer({ min: 0, max: 50 })),
  })
  .map(({ value, outcome, cascade, cost }) => recordOf(value, { outcome, cascade, cost, saved: cost && 10 - cost }))
const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 900_000 }), record), { maxLength: 40 })

describe('the live state', () => {
  test('has of its hour and its day what a recount of the records has', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { live, add, pass } = liveScene(policy)
        const all: { at: number; record: DecisionRecord }[] = []
        let now = LIVE_START
        for (const [passes, each] of list) {
          pass(passes)
          add(each)
          all.push({ at: (now += passes), record: each })
        }
        const { windows, totals } = live.state()
        for (const { bucket_s, buckets, points, latencies, signals } of Object.values(windows)) {
          const number = (at: number) => Math.floor(at / (1000 * bucket_s))
          const within = all.filter(({ at }) => number(at) > number(now) - buckets)
          const expected = new Map<number, DecisionRecord[]>()
          for (const one of within) expected.set(number(one.at), [...(expected.get(number(one.at)) ?? []), one.record])
          expect(points.map(({ bucket }) => bucket)).toEqual([...expected.keys()])
          for (const { bucket, sums } of points)
            for (const [name, has] of Object.entries(sums)) {
              const records = expected.get(bucket)!.filter(({ cascade }) => cascade === name)
              expect(has).toMatchObject({
                requests: records.length,
                cost: records.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
                saved: records.reduce((sum, { saved }) => sum + (saved ?? 0), 0),
                requests_without_cost: records.filter(({ cost }) => cost === null).length,
              })
            }
          const calls = within.flatMap(({ record }) => record.calls)
          expect(latencies.map(({ model, calls }) => [model, calls])).toEqual([
            [undefined, within.length],
            ...[...new Set(calls.map(({ stage }) => stage))].map((stage) => [
              stage,
              calls.filter((call) => call.stage === stage).length,
            ]),
          ])
          const read = within.filter(({ record }) => record.cascade === 'cascade')
          const { bins, missing } = signals[0]
          expect(bins.reduce((sum, { traffic }) => sum + traffic, 0) + missing.traffic).toBe(read.length)
        }
        for (const sums of Object.values(totals)) expect(summaryOf(sums)).toBeTypeOf('object')
        expect(Object.values(totals).reduce((sum, { requests }) => sum + requests, 0)).toBe(list.length)
      }),
    )
  })

  test('tells what is new, and nothing where nothing is', () => {
    const { live, add, pass } = liveScene(policy)
    const first = LIVE_START / 10_000
    live.update()
    expect(live.update()).toBeUndefined()
    add(recordOf(-0.2))
    pass(25_000)
    add(recordOf(-2))
    const { decisions, windows, totals } = live.update()!
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['escalated', 'kept'])
    expect(windows.hour.points.map(({ bucket }) => bucket)).toEqual([first, first + 2])
    expect(totals.cascade.requests).toBe(2)
    expect(live.update()).toBeUndefined()
    pass(2000)
    add(recordOf(-0.3))
    expect(live.update()).toMatchObject({
      decisions: [{ number: 3 }],
      windows: { hour: { points: [{ bucket: first + 2 }] } },
    })
    pass(9000)
    expect(live.update()).toMatchObject({
      decisions: [],
      windows: { hour: { last: first + 3, points: [{ bucket: first + 2 }] } },
    })
  })

  test('tells of what is as it is now', () => {
    let inFlight = 0
    const upstreams = [{ name: 'small', state: 'closed' as const, failures: 0, in_flight: 0 }]
    const gauges = { inFlight: () => inFlight, waiting: () => 0, logDropped: () => 0, upstreams: () => upstreams }
    const { live } = liveScene(policy, { gauges })
    live.update()
    inFlight = 3
    expect(live.update()).toMatchObject({ in_flight: 3, upstreams })
    upstreams[0] = { ...upstreams[0], failures: 1 }
    expect(live.update()).toMatchObject({ upstreams })
    expect(live.update()).toBeUndefined()
  })

  test('counts signals in the bins of the tuning, and early exits on their side of the threshold', () => {
    const { live, add } = liveScene(policy)
    for (const value of [-0.05, -0.06, -0.95, -1, -1.01, -2.9]) add(recordOf(value))
    const counts = trafficOf(live.state())
    const { bins, thresholds, kept } = signalOf(live.state())
    expect([thresholds, kept]).toEqual([[-1], 'high'])
    const bin = (value: number) => bins.findIndex(({ from = -Infinity, to = Infinity }) => value >= from && value < to)
    expect(counts[bin(-0.05)]).toBe(2)
    expect(bins[bin(-1)].from).toBe(-1)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6)
    add(recordOf({ upper: -1.2 }))
    add(recordOf(undefined))
    const after = signalOf(live.state())
    expect(after.bins[0]).toEqual({ to: -1, tuned: 600, traffic: 3 })
    expect(after.missing).toEqual({ tuned: 0, traffic: 1 })
  })

  test('counts no signal of an answer that failed, and none that another policy decided', () => {
    const { live, add } = liveScene(policy)
    add(recordOf(-0.2, { reason: 'small-failed', signals: {} }))
    add(recordOf(-0.2, { policy: 'another' }))
    add(recordOf(-0.2, { cascade: 'small' }))
    const { bins, missing } = signalOf(live.state())
    expect([bins.every(({ traffic }) => traffic === 0), missing.traffic]).toEqual([true, 0])
  })

  test('finds the drift that there is, and begins anew with another policy', () => {
    const { live, add } = liveScene(policy)
    for (let i = 0; i < 300; i++) add(recordOf(tuned[(i * 7) % 900]))
    expect(signalOf(live.state()).drift).toMatchObject({ verdict: 'none-seen', requests: 300 })
    expect(live.drift()).toEqual(
      ['hour', 'day'].map((window) =>
        expect.objectContaining({ cascade: 'cascade', stage: 'small', signal: 'mean_logprob', window, drifted: false }),
      ),
    )
    for (let i = 0; i < 300; i++) add(recordOf(tuned[(i * 7) % 900] - 1))
    expect(signalOf(live.state()).drift).toMatchObject({ verdict: 'drifted', requests: 600 })
    expect(live.drift().map(({ drifted }) => drifted)).toEqual([true, true])
    live.offer(offerOf(policy, 'next'))
    expect(signalOf(live.state()).drift).toMatchObject({ verdict: 'too-few', requests: 0 })
    expect(live.drift()).toEqual([])
    add(recordOf(-0.2, { policy: 'next' }))
    expect(trafficOf(live.state()).reduce((sum, count) => sum + count, 0)).toBe(1)
  })

  test('says why there is nothing to hold a signal against', () => {
    const plain = { ...policy, provenance: {} }
    const odd = { ...policy, provenance: { distributions: { mean_logprob: { rows: 3, edges: [2, 1] } } } }
    const moved = { ...policy, keepWhen: [{ signal: 'mean_logprob', atLeast: -0.93 }] }
    for (const [each, why] of [
      [plain, 'absent'],
      [odd, 'absent'],
      [moved, 'other-thresholds'],
    ] as const) {
      const { live, add } = liveScene(each)
      add(recordOf(-0.2))
      expect(signalOf(live.state())).toMatchObject({ unknown_tuning: why, bins: [], drift: null })
    }
  })

  test('keeps the last fifty decisions, with what decided', () => {
    const { live, add } = liveScene(policy)
    for (let i = 0; i < 60; i++) add(recordOf(i % 2 === 0 ? -0.2 : { upper: -1.7 }))
    const { decisions } = live.state()
    expect(decisions.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, i) => 60 - i))
    expect(decisions[0]).toMatchObject({
      outcome: 'escalated',
      stage: 'large',
      reason: 'condition-fails',
      signal: 'mean_logprob',
      value: { upper: -1.7 },
      cost: 11,
      status: 200,
    })
    expect(decisions[1]).toMatchObject({ reason: 'conditions-hold', signal: 'mean_logprob', value: -0.2 })
  })

  test('holds questions and answers only where texts are logged', () => {
    const texts = {
      question: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: `what of ${'x'.repeat(1000)}` },
      ],
      calls: [callOf('small', { answer: 'the secret answer' })],
    }
    for (const on of [true, false]) {
      const { live, add } = liveScene(policy, { texts: on })
      add(recordOf(-0.2, texts))
      add(recordOf(-0.2, { ...texts, question: [{ role: 'user', content: [{ type: 'text', text: 'in parts' }] }] }))
      add(recordOf(-0.2, { ...texts, question: 'a prompt' }))
      const text = JSON.stringify(live.state())
      expect([/what of/.test(text), /secret answer/.test(text), /in parts/.test(text), /a prompt/.test(text)]).toEqual([
        on,
        on,
        on,
        on,
      ])
      expect(text).not.toMatch(/x{500}/)
    }
  })

  test('measures calls that came to their end, and counts the others', () => {
    const { live, add } = liveScene(policy)
    add(recordOf(-2, { calls: [callOf('small', { result: 'aborted', latency_ms: 9000 }), callOf('large')] }))
    add(recordOf(-2, { calls: [callOf('small', { result: 'failed', first_token_ms: null }), callOf('large')] }))
    add(recordOf(-0.2, { outcome: 'aborted', latency_ms: 9000 }))
    const [requests, small, large] = live.state().windows.hour.latencies
    expect(requests).toMatchObject({ calls: 3, failed: 0, stopped: 1 })
    expect(small).toMatchObject({ model: 'small', calls: 3, failed: 1, stopped: 1 })
    expect(large).toMatchObject({ model: 'large', calls: 2, failed: 0, stopped: 0 })
    for (const { latency } of [requests, small, large]) expect(latency!.p95).toBeLessThan(250)
  })
})

test('sums that are added are those of all requests', () => {
  const [all, one] = [noSums(), noSums()]
  expect(keptShare(all)).toBeUndefined()
  Object.assign(one, { requests: 3, cost: 2, outcomes: { kept: 1, escalated: 1, failed: 1 }, reasons: { x: 2 } })
  addSums(all, one)
  addSums(all, one)
  expect(all).toMatchObject({ requests: 6, cost: 4, outcomes: { kept: 2, failed: 2 }, reasons: { x: 4 } })
  expect(keptShare(all)).toBe(0.5)
})
