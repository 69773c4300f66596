import type { BuildOptions } from '../../src/core/outcomes/mapping.ts'
import type { SweepOptions } from '../../src/core/sweep.ts'

type Row = Record<string, unknown>

/** Rows, and how they are swept: every engine is to give what the sweep in memory gives. */
export interface EngineCase {
  name: string
  /** Flat rows; null: no value. */
  rows: Row[]
  read?: BuildOptions
  sweep?: SweepOptions
}

/** A fixed linear congruential generator. */
function uniforms(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

const costs = { small: 1, large: 20 }
const tied = Array.from({ length: 200 }, (_, i) => ({
  id: `q${i % 60}`,
  perf_slm: Number(i % 3 !== 0),
  perf_llm: Number(i % 11 !== 0),
  avg_logp: -((i * 37) % 8) / 4,
  avg_entropy_nats: ((i * 37) % 80) / 40 + (i % 7) / 10,
}))

const continuous = (() => {
  const next = uniforms(7)
  return Array.from({ length: 700 }, (_, i) => {
    const doubt = -Math.log(1 - next()) / 3
    return {
      doc: `d${Math.floor(Math.sqrt(i))}`,
      small_quality: next() < Math.exp(-doubt) ? 1 : next(),
      large_quality: next() < 0.8 ? 1 : next(),
      small_cost: 1 + next(),
      large_cost: next() < 0.1 ? 0 : 20 * next(),
      verify_cost: next() < 0.3 ? null : 0.5,
      mean_logprob: next() < 0.1 ? null : -doubt,
      self_verification: Math.floor(next() * 5) / 4,
      'my "score"; --': doubt * (1 + next()),
    }
  })
})()

/** Ties, missing signals, one row, equal signals, unequal groups, costs by row, odd names, extreme values. */
export const engineCases: EngineCase[] = [
  { name: 'ties and repeated ids', rows: tied, sweep: { costs } },
  { name: 'large calls alone are counted', rows: tied },
  {
    name: 'costs by row, unequal groups, missing signals and a signal of an odd name',
    rows: continuous,
    read: { group: 'doc', signals: { 'my "score"; --': 'lower' } },
    sweep: { wrongBelow: 0.3 },
  },
  {
    name: 'verification paid by all, a grid and a target',
    rows: continuous,
    read: { givenCosts: ['small', 'large', 'verify'] },
    sweep: {
      costs: { small: 1, verify: 4, large: 20, verifyCost: 'always' },
      grid: { kind: 'quantile', count: 7 },
      target: { minQuality: 0.85 },
    },
  },
  {
    name: 'columns of other names',
    rows: tied.map(({ perf_slm, perf_llm, avg_logp }) => ({ a: perf_slm, 'b c': perf_llm, "it's": avg_logp })),
    read: { map: { 'small.quality': 'a', 'large.quality': 'b c' }, signals: { "it's": 'higher' } },
    sweep: { costs },
  },
  {
    name: 'one row',
    rows: [{ small_quality: 0.25, large_quality: 1, mean_logprob: -0.5 }],
    sweep: { costs },
  },
  {
    name: 'equal signals',
    rows: Array.from({ length: 40 }, (_, i) => ({ small_quality: (i % 3) / 2, large_quality: 1, p_true: 0.5 })),
    sweep: { costs, grid: { kind: 'linspace', count: 5 } },
  },
  {
    name: 'rows without a quality are left out',
    rows: [...tied.slice(0, 50), { id: 'x', perf_slm: null, perf_llm: 1, avg_logp: -0.1, avg_entropy_nats: 0.5 }],
    sweep: { costs, target: { maxCost: 9 } },
  },
  {
    name: 'free large calls, and a large model that is no better',
    rows: tied.map((row) => ({ ...row, perf_llm: row.perf_slm / 2 })),
    sweep: { costs: { small: 0, large: 0 } },
  },
  {
    name: 'values, qualities and gains beside the edges of bins',
    rows: [-8, -4 / 3, -1, -2 / 3, -1e-9, 2e-310, 0.1, 1 / 3, 0.5, 4 / 3, 2, 1e9].flatMap((value, i) =>
      [1 - 2 ** -53, 1, 1 + 2 ** -52, 1 + 2 ** -2].map((nudge, j) => ({
        small_quality: Math.min(1, ((i % 5) / 4) * nudge),
        large_quality: Math.min(1, ((j + i) % 4) / 3 + 2 ** -40),
        s: value * nudge,
      })),
    ),
    read: { signals: { s: 'higher' } },
    sweep: { costs, target: { minQuality: 0.6 } },
  },
  {
    name: 'extreme values, both zeros among them',
    rows: [-1e300, -3, -1e-300, -5e-324, -0, 0, 5e-324, 0.1, 1 / 3, 1e17, 1e300, 1.7976931348623157e308].map(
      (s, i) => ({
        small_quality: (i % 4) / 3,
        large_quality: (i % 5) / 4,
        s,
      }),
    ),
    read: { signals: { s: 'lower' } },
    sweep: { costs },
  },
]
