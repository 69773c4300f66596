import { expect, test } from 'vitest'
import type { Example } from '../../../../src/report/figures/figure-data.ts'
import { sortExamples } from '../../../../src/report/page/model/near-examples.ts'
import { figuresOfOutcomes } from '../../../support/signal-figure.ts'

const { signals } = figuresOfOutcomes()
const index = signals.findIndex(({ signal }) => signal === 's')
const figure = signals[index]
const stop = figure.stops.threshold.findIndex((threshold) => threshold !== null && threshold >= 1)
const threshold = figure.stops.threshold[stop]!

const example = (id: string, value: number | null, qualitySmall: number, qualityLarge: number): Example => ({
  id,
  qualitySmall,
  qualityLarge,
  costLarge: 1,
  values: signals.map(({ signal }) => (signal === 's' ? value : 0)),
})
const list = [
  example('on it', threshold, 1, 1),
  example('just above', threshold + 0.01, 0, 0.5),
  example('above, lost most', threshold + 0.4, 0, 1),
  example('above, lost most, surest', threshold + 0.5, 0, 1),
  example('above, nothing lost', threshold + 0.6, 0.9, 1),
  example('just below', threshold - 0.01, 0, 1),
  example('below, made worse', threshold - 0.3, 1, 0),
  example('below, no better', threshold - 0.2, 1, 1),
  example('missing', null, 0, 0),
]
const ids = (routed: { example: Example }[]) => routed.map((each) => each.example.id)

test('the nearest examples on both sides of the threshold, an equal value being kept', () => {
  const sorted = sortExamples({ rows: list.length, sampled: false, list }, index, figure, stop, 0.5)
  expect(ids(sorted.justKept)).toEqual(['on it', 'just above', 'above, lost most'])
  expect(ids(sorted.justEscalated)).toEqual(['just below', 'below, no better', 'below, made worse'])
})

test('the worst mistakes: what escalating would have gained most, and what it made worse', () => {
  const sorted = sortExamples({ rows: list.length, sampled: false, list }, index, figure, stop, 0.5)
  expect(ids(sorted.keptWrong)).toEqual(['above, lost most, surest', 'above, lost most', 'just above'])
  expect(ids(sorted.escalatedInVain)).toEqual(['below, made worse', 'missing', 'below, no better'])
  expect(sorted.counts).toEqual({ kept: 5, escalated: 4, keptWrong: 3, escalatedInVain: 3 })
})

test('a missing value escalates, except where everything is kept', () => {
  const examples = { rows: 1, sampled: false, list: [example('missing', null, 0, 1)] }
  expect(sortExamples(examples, index, figure, 0, 0.5).counts).toMatchObject({ kept: 1, escalated: 0 })
  expect(sortExamples(examples, index, figure, 1, 0.5).counts).toMatchObject({ kept: 0, escalated: 1 })
})
