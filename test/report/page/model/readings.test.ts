import { describe, expect, test } from 'vitest'
import { sweep } from '../../../../src/core/sweep.ts'
import { points } from '../../../../src/core/sweep/curve.ts'
import { readingsAt, shakyNote, spokenPoint } from '../../../../src/report/page/model/readings.ts'
import { figuresOfOutcomes, tellingOutcomes } from '../../../support/signal-figure.ts'
import { expectShown } from '../../../support/shown.ts'

const { signals, about } = figuresOfOutcomes()
const swept = sweep(tellingOutcomes(), { costs: { small: 1, large: 10 } })

describe('the figures of a stop', () => {
  test('are those of the sweep to the last digit shown, at every stop of every signal', () => {
    for (const figure of signals) {
      const all = [...points(swept.signals.find(({ signal }) => signal === figure.signal)!.curve)]
      figure.stops.kept.forEach((kept, stop) => {
        const point = all.find((each) => each.kept === kept)!
        const shown = Object.fromEntries(
          readingsAt(figure, stop, about).flatMap(({ readings }) => readings.map(({ id, value }) => [id, value])),
        )
        expectShown(shown.kept_share, 100 * point.keptShare, 'kept share')
        expectShown(shown.escalated, point.escalated, 'escalated')
        expectShown(shown.quality, point.quality, 'quality')
        expectShown(shown.cost, point.cost, 'cost')
        expectShown(shown.saving, 100 * (1 - point.cost / 10), 'saving')
        expectShown(shown.ibc_cascade, point.cascade.ibc ?? null, 'ibc')
        expectShown(shown.delta_ibc_cascade, point.cascade.deltaIbc ?? null, 'delta_ibc')
        expectShown(shown.ibc_standalone, point.standalone.ibc ?? null, 'ibc, standalone')
        expectShown(shown.delta_ibc_standalone, point.standalone.deltaIbc ?? null, 'delta_ibc, standalone')
      })
    }
  })

  test('name both baselines and keep them apart', () => {
    const groups = readingsAt(signals[0], 60, about)
    expect(groups.map(({ title }) => title)).toEqual([
      undefined,
      'Against this cascade’s own ends',
      'Against calling one model only',
    ])
    expect(groups.slice(1).map(({ readings }) => readings.map(({ id }) => id))).toEqual([
      ['ibc_cascade', 'delta_ibc_cascade'],
      ['ibc_standalone', 'delta_ibc_standalone'],
    ])
  })

  test('have intervals, turned round for what escalates', () => {
    const { readings } = readingsAt(signals[0], 60, about)[0]
    const [kept, escalated] = readings
    const ends = (text: string) => text.match(/\d+(?:\.\d+)?/g)!.map(Number)
    const [low, high] = ends(kept.range!)
    expect(ends(escalated.range!)).toEqual([Math.round(2 * (100 - high)), Math.round(2 * (100 - low))])
  })

  test('are marked where they rest on fewer than 30 escalated rows, and say on how many', () => {
    const few = signals[0].stops.kept.findIndex((kept) => kept === 188)
    const marked = (stop: number) =>
      readingsAt(signals[0], stop, about).flatMap(({ readings }) => readings.filter(({ shaky }) => shaky === true))
    expect(marked(few).map(({ id }) => id)).toEqual([
      'ibc_cascade',
      'delta_ibc_cascade',
      'ibc_standalone',
      'delta_ibc_standalone',
    ])
    expect(shakyNote(signals[0], few)).toBe('~ rests on 12 escalated rows; below 30 it is mostly chance')
    expect(marked(60)).toEqual([])
    expect(shakyNote(signals[0], 60)).toBeUndefined()
    expect(shakyNote(signals[0], 0)).toBeUndefined()
  })

  test('can be said in a sentence', () => {
    expect(spokenPoint(signals[0], 60, about)).toMatch(
      /^kept \d.*, escalated \d+ \[\d+, \d+\] of 200, quality .*Against this cascade’s own ends: ibc .*Against calling one model only: ibc/,
    )
  })
})
