import { nextUint32, seeded } from '../../src/core/stats/random.ts'

/** Seeded numbers from 0 to 1. */
export function draws(seed: number): () => number {
  const random = seeded(seed, 3)
  return () => nextUint32(random) / 2 ** 32
}

/** Losses of quality: 1 with a chance, -1 with another, else 0. */
export const lossOf = (uniform: number, worse: number, better = 0): number =>
  uniform < worse ? 1 : uniform < worse + better ? -1 : 0
