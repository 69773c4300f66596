import { jsonl } from './files.ts'

/** Outcomes of three models of growing skill and price, by a fixed linear congruential generator. */
export function threeModels(rows: number, costs = true): string {
  let state = 11
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  return jsonl(
    ...Array.from({ length: rows }, (_, i) => {
      const difficulty = uniform()
      const model = (skill: number, cost: number) => {
        const right = uniform() < skill - 0.7 * difficulty + 0.2
        const doubt = (right ? 0.2 : 0.6) * (0.5 + uniform())
        return { quality: right ? 1 : 0, ...(costs ? { cost } : {}), signals: { mean_logprob: -doubt } }
      }
      return {
        id: `q${i}`,
        group: `d${i >> 2}`,
        models: { tiny: model(0.5, 1), mid: model(0.8, 5), big: model(1.1, 40) },
      }
    }),
  )
}
