import { figuresOf, type Figures, type Rounds } from './figures.ts'
import type { Cell, Loaded } from './load.ts'
import { askedOn, PASS_THROUGH, paths, type Form, type Path } from './paths.ts'
import type { Worker } from './worker.ts'

export type Workers = Record<Path['by'] | 'client', Worker>

export interface Plan {
  concurrencies: readonly number[]
  rounds: number
  /** Of one path in one round: so many requests at most, and no longer than that. */
  most: number
  ms: number
  warmUpMs: number
}

/** What was measured of a path under one load. */
export interface Line {
  form: Form
  concurrency: number
  path: Path
  rounds: Rounds
}

/** Every path under every load. */
export async function measurePaths(workers: Workers, plan: Plan): Promise<Line[]> {
  const lines: Line[] = []
  for (const form of Object.keys(paths) as Form[]) {
    await warmUp(workers, form, plan.warmUpMs)
    for (const concurrency of plan.concurrencies) {
      const measured = await taken(paths[form], plan.rounds, (path) =>
        measure(workers, path, { ...askedOn(path, form), concurrency, most: plan.most, ms: plan.ms }),
      )
      const base = measured.get(PASS_THROUGH)!
      for (const [path, own] of measured) lines.push({ form, concurrency, path, rounds: { own, base } })
    }
  }
  return lines
}

/** Compilers want some thousand requests. */
async function warmUp(workers: Workers, form: Form, ms: number): Promise<void> {
  for (const path of paths[form])
    await measure(workers, path, { ...askedOn(path, form), concurrency: 16, most: 5000, ms })
}

/** Takes each of some things in turn, forwards in one round and backwards in the next. */
export async function taken<Thing, Result>(
  things: readonly Thing[],
  rounds: number,
  take: (thing: Thing) => Promise<Result>,
): Promise<Map<Thing, Result[]>> {
  const results = new Map(things.map((thing) => [thing, [] as Result[]]))
  for (let round = 0; round < rounds; round++)
    for (const thing of round % 2 === 0 ? things : things.toReversed()) results.get(thing)!.push(await take(thing))
  return results
}

/** One path under one load, with the CPU time that its gateway takes. */
export async function measure(workers: Workers, { by }: Path, cell: Omit<Cell, 'port'>): Promise<Figures> {
  const asked = workers[by]
  const before = await cpuUsOf(asked)
  const loaded = await workers.client.ask<Loaded>({ ...cell, port: asked.port })
  const after = await cpuUsOf(asked)
  return figuresOf(loaded, by === 'upstream' ? undefined : after - before)
}

const cpuUsOf = (worker: Worker): Promise<number> => worker.ask<number>({})
