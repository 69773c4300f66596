import { resolve } from 'node:path'
import { SpillwayError } from '../core/errors.ts'

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
