/**
 * SIMULATED outcomes of no real model, from a seeded generator. Each question has a difficulty; both models miss more
 * of the harder ones, the small one sooner, and the small model's token log-probability and entropy follow the
 * difficulty with noise. Rows of one document share part of their difficulty, so they are grouped by document.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { file } from './files.ts'

const SEED = 20260101
const DOCUMENTS = 300
const ROWS = 1500

/** The simulated rows as JSON lines; the same seed gives the same bytes. */
function* simulateOutcomes(seed = SEED, rows = ROWS): Generator<string> {
  const generator = xoroshiro128plus(seed)
  const uniform = () => (generator.next() >>> 0) / 2 ** 32
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const logistic = (x: number) => 1 / (1 + Math.exp(-x))
  const round = (x: number) => Number(x.toFixed(6))
  const documents = Array.from({ length: DOCUMENTS }, () => 0.8 * normal())

  for (let row = 0; row < rows; row++) {
    const document = Math.floor(uniform() * DOCUMENTS)
    const difficulty = documents[document] + normal()
    const smallRight = uniform() < logistic(0.5 - 1.6 * difficulty)
    const largeRight = uniform() < logistic(2 - 1.1 * difficulty)
    const doubt = Math.exp(-1.6 + 0.55 * difficulty + (smallRight ? 0 : 0.35) + 0.45 * normal())
    const tokens = 3 + Math.floor(12 * uniform() + 4 * logistic(difficulty))
    const partial = (right: boolean) => (right ? 1 : uniform() < 0.3 ? round(0.2 + 0.5 * uniform()) : 0)
    const verified = [0, 1, 2, 3].filter(
      () => uniform() < logistic(0.9 - 0.7 * difficulty + (smallRight ? 0.5 : -0.5)),
    ).length
    const record = {
      id: `q${String(row + 1).padStart(4, '0')}`,
      group: `doc${String(document + 1).padStart(3, '0')}`,
      dataset: 'simulated',
      small: {
        quality: partial(smallRight),
        signals: {
          mean_logprob: round(-doubt),
          min_logprob: round(-doubt * (1.5 + 2 * uniform())),
          mean_entropy: round(doubt * (1.3 + 0.25 * normal() ** 2)),
          length: tokens,
          self_verification: verified / 4,
        },
      },
      large: { quality: partial(largeRight) },
    }
    yield `${JSON.stringify(record)}\n`
  }
}

/** The path of a file of them. */
export const simulatedFile = (): string => file('simulated-outcomes.jsonl', [...simulateOutcomes()].join(''))
