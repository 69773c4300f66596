import { resolve } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { nameOf } from '../data/bytes.ts'
import type { Inputs } from '../report/json.ts'

/** The files that a command was given. */
export const filesOf = (file: string, signalsFile: string | undefined): string[] =>
  signalsFile === undefined ? [file] : [file, signalsFile]

/** Where a result comes from. */
export const inputsOf = (files: readonly string[], { datasets }: Outcomes): Inputs => ({
  files: files.map(nameOf),
  datasets,
})

/** A file that is read, or written already, is not written over. */
export function refuseSamePaths(read: (string | undefined)[], written: (string | undefined)[]): void {
  const taken = new Set(read.filter((path) => path !== undefined).map((path) => resolve(path)))
  for (const path of written) {
    if (path === undefined) continue
    if (taken.has(resolve(path)))
      throw new SpillwayError('usage', `${path} is read, or written, already: it would be written over`)
    taken.add(resolve(path))
  }
}
