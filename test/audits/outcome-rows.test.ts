import { describe, expect, test } from 'vitest'
import { outcomeRows } from '../../src/audits/outcome-rows.ts'
import type { AuditRecord } from '../../src/audits/record.ts'
import { draws } from '../support/draws.ts'

const record = (i: number, more: Partial<AuditRecord> = {}): AuditRecord => ({
  id: `r${i}`,
  time: '2026-11-26T00:00:00.000Z',
  cascade: 'cascade',
  policy: 'abc',
  outcome: 'kept',
  probability: 0.1,
  served_cost: 1,
  always_large_cost: 10,
  audit_cost: 10,
  small: { model: 's', quality: 1, cost: 1, signals: { mean_logprob: -0.1 } },
  large: { model: 'l', quality: 1, cost: 10 },
  ...more,
})

describe('outcomes of an audit log', () => {
  test('are its lines with two qualities', () => {
    const { rows, findings } = outcomeRows(
      [record(0, { question: 'q', gold: 'g' }), record(1, { small: undefined, outcome: 'small-failed' })],
      1,
    )
    expect(rows).toEqual([
      {
        id: 'r0',
        question: 'q',
        gold: 'g',
        small: { model: 's', quality: 1, cost: 1, signals: { mean_logprob: -0.1 } },
        large: { model: 'l', quality: 1, cost: 10 },
      },
    ])
    expect(findings).toMatchObject([
      { level: 'note', code: 'sampled', message: expect.stringContaining('1 of 2 audits') },
    ])
  })

  test('are a simple sample, whatever the probabilities of the audits were', () => {
    const next = draws(5)
    const audits = Array.from({ length: 100_000 }, (_, i) => {
      const often = i % 2 === 0
      return { audit: record(i, { probability: often ? 0.4 : 0.1, question: often ? 'often' : 'seldom' }), often }
    }).filter(({ audit }) => next() < audit.probability)
    const { rows } = outcomeRows(
      audits.map(({ audit }) => audit),
      1,
    )
    const often = rows.filter(({ question }) => question === 'often').length
    // One half, to within four standard errors.
    expect(Math.abs(often / rows.length - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(rows.length))
    expect(rows.length).toBeGreaterThan(9000)
  })

  test('are so too where kept answers are scored oftener than escalated ones', () => {
    const audits = Array.from({ length: 20_000 }, (_, i) => {
      const kept = i % 2 === 0
      const scored = i % (kept ? 4 : 20) < 2
      const side = record(i)
      return record(i, {
        outcome: kept ? 'kept' : 'escalated',
        question: kept ? 'kept' : 'escalated',
        ...(scored
          ? {}
          : { small: { ...side.small!, quality: undefined }, large: { ...side.large!, quality: undefined } }),
      })
    })
    const { rows } = outcomeRows(audits, 1)
    const kept = rows.filter(({ question }) => question === 'kept').length
    expect(Math.abs(kept / rows.length - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(rows.length))
  })

  test('have answers that were stopped early at their bound, worth nothing', () => {
    const { rows, findings } = outcomeRows(
      [
        record(0, {
          outcome: 'escalated',
          small: { model: 's', cost: 1, signals: { mean_logprob: { upper: -2 } }, censored: true },
        }),
        record(1),
      ],
      1,
    )
    expect(rows[0].small).toEqual({ model: 's', quality: 0, cost: 1, signals: { mean_logprob: -2 } })
    expect(findings[1]).toMatchObject({ code: 'stopped-early', rows: 1 })
  })

  test('are the same from the same seed', () => {
    const audits = Array.from({ length: 500 }, (_, i) => record(i, { probability: i % 3 === 0 ? 0.3 : 0.1 }))
    expect(outcomeRows(audits, 7)).toEqual(outcomeRows(audits, 7))
    expect(outcomeRows(audits, 7).rows).not.toEqual(outcomeRows(audits, 8).rows)
  })
})

describe('of answers that were stopped early', () => {
  const stopped = (i: number, signals: NonNullable<AuditRecord['small']>['signals']) =>
    record(i, { outcome: 'escalated', small: { model: 's', cost: 0.2, signals, censored: true } })
  const signalOf = (rows: Record<string, unknown>[], i: number) =>
    (rows[i].small as { signals: Record<string, number> }).signals

  test('signals have the end that speaks for the answer, whichever that is', () => {
    const whole = record(9, {
      small: { model: 's', quality: 1, cost: 1, signals: { mean_logprob: -0.1, length: 7, min_margin: 0.9 } },
    })
    const { rows } = outcomeRows(
      [
        stopped(0, { mean_logprob: { lower: -9, upper: -2 }, length: { lower: 21, upper: 100 }, min_margin: {} }),
        whole,
      ],
      1,
    )
    // Of what is not bounded on that side, the most certain value of all.
    expect(signalOf(rows, 0)).toEqual({ mean_logprob: -2, length: 21, min_margin: 0.9 })
    // It would have cost at least as much as others, had it been read to its end.
    expect(rows[0].small).toMatchObject({ cost: 1, quality: 0 })
  })

  test('no threshold looks better than it was', () => {
    const next = draws(8)
    const truth = Array.from({ length: 4000 }, (_, i) => {
      const signal = Math.log(next())
      return { i, signal, quality: next() < Math.exp(signal) ? 1 : 0, early: next() < 0.5 }
    })
    const audits = truth.map(({ i, signal, quality, early }) => {
      if (signal >= -1) return record(i, { small: { model: 's', quality, cost: 1, signals: { mean_logprob: signal } } })
      if (early) return stopped(i, { mean_logprob: { upper: -1 - 0.1 * next() } })
      return record(i, {
        outcome: 'escalated',
        small: { model: 's', quality, cost: 1, signals: { mean_logprob: signal } },
      })
    })
    const { rows } = outcomeRows(audits, 1)
    expect(rows).toHaveLength(4000)
    for (const threshold of [-4, -2, -1.05, -1, -0.5, -0.1]) {
      const trueLoss = truth.reduce((sum, each) => sum + (each.signal >= threshold ? 1 - each.quality : 0), 0)
      const rowLoss = rows.reduce((sum, row) => {
        const { quality, signals } = row.small as { quality: number; signals: { mean_logprob: number } }
        return sum + (signals.mean_logprob >= threshold ? 1 - quality : 0)
      }, 0)
      if (threshold >= -1) expect(rowLoss).toBe(trueLoss)
      else expect(rowLoss).toBeGreaterThanOrEqual(trueLoss)
    }
  })
})

test('what would mislead is refused', () => {
  const unscored = { model: 's', cost: 1, signals: {} }
  expect(() => outcomeRows([record(0), record(1, { outcome: 'escalated', small: unscored })], 1)).toThrow(
    /no escalated request has a quality for both answers/,
  )
  const other = record(1, { small: { model: 't', quality: 1, cost: 1, signals: {} } })
  expect(() => outcomeRows([record(0), other], 1)).toThrow(/small answers of several models \(s, t\)/)
  const unanswered = record(2, { outcome: 'aborted', small: undefined, large: undefined })
  expect(outcomeRows([record(0), unanswered], 1).rows).toHaveLength(1)
})
