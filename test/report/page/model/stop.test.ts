import { expect, test } from 'vitest'
import { finish } from '../../../../src/core/stats/work.ts'
import { figureData } from '../../../../src/report/figures/figures.ts'
import { policyOfStop, withSignal } from '../../../../src/report/page/model/stop.ts'
import { figuresOfOutcomes } from '../../../support/signal-figure.ts'
import { outcomesOf } from '../../../support/outcomes.ts'

const { signals } = figuresOfOutcomes()
const index = (name: string) => signals.findIndex(({ signal }) => signal === name)

test('a stop is a threshold on the side that its signal is certain on, and an end an action', () => {
  const [s, t] = [signals[index('s')], signals[index('t')]]
  const last = s.stops.kept.length - 1
  expect(policyOfStop(s, 0)).toEqual({ version: 1, always: 'keep' })
  expect(policyOfStop(s, last)).toEqual({ version: 1, always: 'escalate' })
  expect(policyOfStop(s, 3)).toMatchObject({ keepWhen: [{ signal: 's', atLeast: s.stops.threshold[3] }] })
  expect(policyOfStop(t, 3)).toMatchObject({ keepWhen: [{ signal: 't', atMost: t.stops.threshold[3] }] })
})

test('another signal is taken up where it keeps about as many answers', () => {
  const from = { signal: index('s'), stop: 50 }
  const to = withSignal(signals, from, index('t'))
  const kept = (choice: { signal: number; stop: number }) => signals[choice.signal].stops.kept[choice.stop]
  expect(to.signal).toBe(index('t'))
  expect(Math.abs(kept(to) - kept(from))).toBeLessThanOrEqual(1)
})

test('a signal without values has its two ends only', () => {
  const outcomes = outcomesOf([0, 1, 2, 3].map((i) => ({ small: i % 2, large: 1, signal: i, second: NaN })))
  const figures = finish(
    figureData(outcomes, [], { files: [], datasets: [] }, { costs: { small: 0, large: 1 }, resamples: 20 }),
  )
  const empty = figures.signals.find(({ signal }) => signal === 't')!
  expect(empty.stops.kept.map((_, stop) => policyOfStop(empty, stop))).toMatchObject([
    { always: 'keep' },
    { always: 'escalate' },
  ])
})
