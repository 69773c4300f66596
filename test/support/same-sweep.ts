import { expect } from 'vitest'
import { pointAt, type Curve } from '../../src/core/sweep/curve.ts'
import type { SweepResult } from '../../src/core/sweep.ts'

/** Numbers agree but for the order in which sums were taken; everything else is equal. */
export function expectNear(actual: unknown, expected: unknown, place: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    if (Number.isNaN(expected) ? Number.isNaN(actual) : actual === expected) return
    const scale = Math.max(1, Math.abs(expected), Math.abs(actual))
    if (!(Math.abs(actual - expected) <= 1e-9 * scale)) expect(actual, place).toBe(expected)
    return
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)]))
      expectNear(actual[key as never], expected[key as never], `${place}.${key}`)
    return
  }
  expect(actual, place).toEqual(expected)
}

export function expectSameCurve(actual: Curve, expected: Curve, place = 'curve'): void {
  expect(actual.length, `${place}.length`).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expectNear(pointAt(actual, i), pointAt(expected, i), `${place}[${i}]`)
  const facts = ({ signal, direction, base, missing, distinct, range }: Curve) => ({
    signal,
    direction,
    base,
    missing,
    distinct,
    range: range && [range.least + 0, range.most + 0],
  })
  expectNear(facts(actual), facts(expected), place)
}

/** Holds one sweep against another: every point, metric and baseline. */
export function expectSameSweep(actual: SweepResult, expected: SweepResult, { oracle = true } = {}): void {
  const facts = ({ rows, groups, wrongBelow, grid, target, base }: SweepResult) => ({
    rows,
    wrongBelow,
    grid,
    target,
    base,
    groups: { count: groups.count, from: groups.from },
  })
  expectNear(facts(actual), facts(expected), 'sweep')
  if (oracle) {
    expectSameCurve(actual.oracle, expected.oracle, 'oracle')
    expectNear(actual.oracleApgr, expected.oracleApgr, 'oracleApgr')
  }
  expect(actual.signals.map(({ signal }) => signal).toSorted()).toEqual(
    expected.signals.map(({ signal }) => signal).toSorted(),
  )
  for (const wanted of expected.signals) {
    const found = actual.signals.find(({ signal }) => signal === wanted.signal)!
    const { signal } = wanted
    expectSameCurve(found.exact, wanted.exact, `${signal}.exact`)
    expectSameCurve(found.curve, wanted.curve, `${signal}.curve`)
    expectNear(found.metrics, wanted.metrics, `${signal}.metrics`)
    expectNear(found.selected, wanted.selected, `${signal}.selected`)
    expect(found.binned, `${signal}.binned`).toBeUndefined()
  }
}
