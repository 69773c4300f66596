import { figuresOf, type Figures } from './figures.ts'
import type { Cell, Loaded } from './load.ts'
import { cellOf, PASS_THROUGH, paths, type Form, type Path } from './paths.ts'
import type { Line } from './report.ts'
import type { Worker } from './worker.ts'

export type Workers = Record<'upstream' | 'pass-through' | 'spillway' | 'client', Worker>

export interface Plan {
  concurrencies: readonly number[]
  rounds: number
  /** Of one path, in one round. */
  cellMs: number
  most: number
}

/** Every path under every load, forwards in one round and backwards in the next. */
export async function measurePaths(workers: Workers, { concurrencies, rounds, cellMs, most }: Plan): Promise<Line[]> {
  const lines: Line[] = []
  for (const form of Object.keys(paths) as Form[])
    for (const concurrency of concurrencies) {
      const group = paths[form].map((path) => ({
        path,
        line: { form, concurrency, path: path.name, rounds: { own: [] as Figures[], base: [] as Figures[] } },
      }))
      for (let round = -1; round < rounds; round++) {
        const measured = new Map<Path, Figures>()
        for (const { path } of round % 2 === 0 ? group : group.toReversed())
          measured.set(path, await measure(workers, path, { ...cellOf(path, form), concurrency, ms: cellMs, most }))
        if (round < 0) continue // a warm-up
        for (const { path, line } of group) {
          line.rounds.own.push(measured.get(path)!)
          line.rounds.base.push(measured.get(PASS_THROUGH)!)
        }
      }
      lines.push(...group.map(({ line }) => line))
    }
  return lines
}

/** One path under one load, with the CPU time that its gateway took. */
export async function measure(workers: Workers, { by }: Path, cell: Omit<Cell, 'port'>): Promise<Figures> {
  const asked = workers[by]
  const before = await cpuUsOf(asked)
  const loaded = await workers.client.ask<Loaded>({ ...cell, port: asked.port })
  const after = await cpuUsOf(asked)
  return figuresOf(loaded, by === 'upstream' ? undefined : after - before)
}

const cpuUsOf = (worker: Worker): Promise<number> => worker.ask<number>({})
