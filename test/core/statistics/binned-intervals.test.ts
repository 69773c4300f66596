import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curveIntervals } from '../../../src/core/intervals/curve-intervals.ts'
import { resolveCosts } from '../../../src/core/outcomes/costs.ts'
import { selectRows } from '../../../src/core/outcomes/select.ts'
import { binnedIntervals } from '../../../src/core/statistics/binned-intervals.ts'
import { gridOfCells, intervalBits, MOST_INTERVAL_BINS } from '../../../src/core/statistics/cells.ts'
import { binsOfRows } from '../../../src/core/statistics/bins-of-rows.ts'
import { bootstrap } from '../../../src/core/stats/bootstrap.ts'
import { estimateAt, shownRange, type Estimate } from '../../../src/core/stats/interval.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { sortSignal } from '../../../src/core/sweep/curve.ts'
import { sweep } from '../../../src/core/sweep.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { bucketOf, cellsOfRows } from '../../support/cells.ts'
import { expectNear } from '../../support/same-sweep.ts'
import { hasSharedData, recorded } from '../../support/shared.ts'
import { anyDirection, exactRows, outcomesOf, type TestRow } from '../../support/outcomes.ts'

const options = { costs: { small: 1 } }
const hasSignal = ({ signal, second }: TestRow) => Number.isFinite(signal) || Number.isFinite(second)
const sumCosts = { small: false, verify: false, large: true }

describe('intervals from sums by bin and bucket', () => {
  test('are those of sweeping each resample of the buckets row by row', () =>
    fc.assert(
      fc.property(exactRows(60), anyDirection, fc.nat(40), (rows, direction, pick) => {
        fc.pre(rows.some(({ signal }) => Number.isFinite(signal)))
        const outcomes = outcomesOf(rows, direction)
        const groups = rows.map((_, i) => `g${Math.floor(Math.sqrt(i * 3))}`)
        const costs = resolveCosts(outcomes, options.costs)
        const [column] = outcomes.signals
        const values = [...column.values].filter(Number.isFinite).map((value) => value + 0)
        const threshold = values[pick % values.length]
        const cut = direction === 'higher' ? threshold : -threshold
        const request = { signal: 's', bits: 64, cut, wrongBelow: 0.5, sumCosts }
        const { metrics: whole } = sweep(outcomes, options).signals.find(({ signal }) => signal === 's')!
        const measured = { signal: column, metrics: whole, costs, threshold }
        const found = finish(
          binnedIntervals(cellsOfRows(outcomes, groups, request), request, measured, { resamples: 12 }),
        )

        const buckets = [...new Set(groups.map(bucketOf))].toSorted((a, b) => a - b)
        const naive = bootstrap(
          buckets.length,
          {
            size: 4,
            compute(weights, into) {
              const drawn = rows.flatMap((_, row) =>
                Array.from({ length: weights[buckets.indexOf(bucketOf(groups[row]))] }, () => row),
              )
              const some = selectRows(outcomes, drawn)
              const swept = drawn.some((row) => hasSignal(rows[row])) ? sweep(some, options).signals : []
              const metrics = swept.find(({ signal }) => signal === 's')?.metrics
              const keeps = drawn.map(
                (row) =>
                  (direction === 'higher' ? rows[row].signal >= threshold : rows[row].signal <= threshold) &&
                  Number.isFinite(rows[row].signal),
              )
              into[0] = metrics?.apgr ?? NaN
              into[1] = metrics?.aurocWrong ?? NaN
              into[2] =
                drawn.reduce((sum, row, i) => sum + (keeps[i] ? rows[row].small : rows[row].large), 0) / drawn.length
              into[3] = keeps.filter(Boolean).length / drawn.length
            },
          },
          { resamples: 12 },
        )
        const expected = finish(naive)
        const pairs = [found.metrics.apgr, found.metrics.aurocWrong, found.selected!.quality, found.selected!.keptShare]
        pairs.forEach((estimate, k) => {
          const { value, percentile } = estimateAt(expected, k, 0.95)
          expectNear({ value: estimate.value, percentile: estimate.percentile }, { value, percentile }, String(k))
        })
      }),
      { numRuns: 60 },
    ))

  test('are about as wide as those of the groups themselves', () => {
    let state = 5
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
    const groupOf: number[] = []
    for (let group = 0; group < 900; group++) for (let i = 0; i <= group % 5; i++) groupOf.push(group)
    let [shared, last] = [0, -1]
    const rows = groupOf.map((group) => {
      if (group !== last) shared = next()
      last = group
      const doubt = (shared + next()) / 2
      return { small: Number(next() > doubt), large: Number(next() < 0.85), signal: -doubt }
    })
    const outcomes = outcomesOf(rows)
    outcomes.groups = { codes: Uint32Array.from(groupOf), count: 900, from: 'group' }
    const costs = resolveCosts(outcomes, { small: 1, large: 20 })
    const [column] = outcomes.signals
    const table = binsOfRows(
      {
        keys: column.values,
        small: outcomes.small.quality,
        large: outcomes.large.quality,
        costLarge: 20,
        wrongBelow: 0.5,
      },
      64,
    )
    const bits = intervalBits(table)
    expect(bits).toBeLessThan(64)
    const request = { signal: 's', bits, wrongBelow: 0.5, sumCosts: { ...sumCosts, large: false } }
    const cells = cellsOfRows(outcomes, groupOf.map(String), request)
    expect(gridOfCells(cells, bits).least.length).toBeLessThanOrEqual(MOST_INTERVAL_BINS)
    const { metrics } = sweep(outcomes, { costs: { small: 1, large: 20 } }).signals[0]
    const found = finish(binnedIntervals(cells, request, { signal: column, metrics, costs }, { resamples: 1000 }))
    const exact = finish(curveIntervals(outcomes, sortSignal(column), costs, { resamples: 1000, points: 0 }))
    const width = (range = { low: NaN, high: NaN }) => range.high - range.low
    const ratio = width(shownRange(found.metrics.apgr)) / width(shownRange(exact.areas.apgr))
    expect(ratio).toBeGreaterThan(0.85)
    expect(ratio).toBeLessThan(1.15)
    expect(found.metrics.apgr.value).toBe(metrics.apgr)
  })

  // Few groups of unequal sizes, of which one or two pairs share a bucket; many groups, of which a third share one.
  test.skipIf(!hasSharedData).each(['coqa', 'qasper'] as const)(
    'are on average over hashes as wide as in memory on the recorded outcomes of %s',
    async (set) => {
      const [path, signalsFile] = recorded(set)
      const outcomes = await readOutcomes(path, { signalsFile })
      const costs = resolveCosts(outcomes, { small: 1, verify: 4, large: 20 })
      const column = outcomes.signals.find(({ name }) => name === 'mean_logprob')!
      const { metrics } = sweep(outcomes, { costs: { small: 1, verify: 4, large: 20 } }).signals.find(
        ({ signal }) => signal === 'mean_logprob',
      )!
      const request = { signal: 'mean_logprob', bits: 20, wrongBelow: 0.5, sumCosts: { ...sumCosts, large: false } }
      const width = (estimate: Estimate) => shownRange(estimate)!.high - shownRange(estimate)!.low
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
      const runs = Array.from({ length: 6 }, (_, seed) => {
        const names = Array.from(outcomes.groups.codes, (code) => `${seed}/${code}`)
        const cells = cellsOfRows(outcomes, names, request)
        const measured = { signal: column, metrics, costs }
        const options = { resamples: 1000, seed }
        const found = finish(binnedIntervals(cells, request, measured, options)).metrics
        const exact = finish(curveIntervals(outcomes, sortSignal(column), costs, { ...options, points: 0 })).areas
        return [found.apgr, exact.apgr, found.aiq, exact.aiq].map(width)
      })
      const [apgr, apgrInMemory, aiq, aiqInMemory] = [0, 1, 2, 3].map((k) => mean(runs.map((widths) => widths[k])))
      for (const ratio of [apgr / apgrInMemory, aiq / aiqInMemory]) {
        expect(ratio).toBeGreaterThan(0.93)
        expect(ratio).toBeLessThan(1.07)
      }
    },
  )
})
