import type { Costs } from '../src/core/outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../src/core/outcomes/outcomes.ts'

export const costs: Costs = { small: 1, verify: 0, large: 20, verifyCost: 'used', counted: false }

/** Outcomes with two continuous signals, from a fixed linear congruential generator; nothing but the columns is allocated. */
export function outcomesOf(rows: number): { outcomes: Outcomes; signals: [SignalColumn, SignalColumn] } {
  let state = 42
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const column = (name: string, direction: 'higher' | 'lower'): SignalColumn => ({
    name,
    direction,
    unit: 'nats',
    scale: 'unbounded',
    values: new Float64Array(rows),
  })
  const signals: [SignalColumn, SignalColumn] = [column('mean_logprob', 'higher'), column('mean_entropy', 'lower')]
  const [small, large] = [new Float64Array(rows), new Float64Array(rows)]
  for (let row = 0; row < rows; row++) {
    const doubt = -Math.log(1 - uniform()) / 3 + uniform() / 2 ** 30
    signals[0].values[row] = -doubt
    signals[1].values[row] = doubt * (1 + uniform())
    small[row] = uniform() < Math.exp(-doubt) ? 1 : uniform()
    large[row] = uniform() < 0.8 ? 1 : uniform()
  }
  const outcomes: Outcomes = {
    rows,
    small: { quality: small },
    large: { quality: large },
    signals,
    groups: { codes: new Uint32Array(0), count: rows, from: 'row' },
    datasets: ['bench'],
    place: String,
  }
  return { outcomes, signals }
}
