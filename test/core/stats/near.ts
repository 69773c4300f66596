import { expect } from 'vitest'

/** Expects two numbers to agree relatively, which `toBeCloseTo` cannot say of a tail probability. */
export function expectNear(actual: number | undefined, expected: number, relative = 1e-13): void {
  if (actual === expected) return
  const error = actual === undefined ? NaN : Math.abs(actual - expected) / Math.abs(expected)
  expect(error, `${actual} should be ${expected}`).toBeLessThanOrEqual(relative)
}

/** Uniform numbers strictly between 0 and 1 from a linear congruential generator; enough for a coverage check. */
export function uniforms(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
}
