import { medianOf, type Rounds } from './figures.ts'
import { askedOn, EARLY, PASS_THROUGH, type Path } from './paths.ts'
import { measure, taken, type Workers } from './rounds.ts'
import { EARLY_TOKENS } from './spillway.ts'

/** From the token that the decision takes to the first one that the client has, ms; of the pass-through, its own. */
export interface FirstToken {
  p50: number
  p99: number
  passThroughP50: number
}

/** Streams at a model's pace, a few at a time. */
export async function measureFirstToken(workers: Workers, rounds: number): Promise<FirstToken> {
  const early: Path = { ...EARLY, model: 'early-paced' }
  const bare: Path = { ...PASS_THROUGH, model: 'paced' }
  // The first event tells the role.
  const waitedFor = new Map([
    [early, EARLY_TOKENS],
    [bare, 0],
  ])
  const measured = await taken([early, bare], rounds, (path) =>
    measure(workers, path, {
      ...askedOn(path, 'SSE'),
      concurrency: 16,
      most: 32,
      ms: 10_000,
      event: waitedFor.get(path),
    }),
  )
  const of = (path: Path): Rounds => ({ own: measured.get(path)!, base: measured.get(bare)! })
  return {
    p50: medianOf(of(early), 'p50')!,
    p99: medianOf(of(early), 'p99')!,
    passThroughP50: medianOf(of(bare), 'p50')!,
  }
}
