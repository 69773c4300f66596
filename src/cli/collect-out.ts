import { realpathSync, rmSync, statSync, writeFileSync, type Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { makeFolder } from '../data/write.ts'

/**
 * Finds out before anything is paid whether outcomes can be written.
 * @throws SpillwayError `usage` where they cannot, or would replace what this command did not write
 */
export async function checkOut({ out, journal }: { out: string; journal: string }): Promise<void> {
  if (out === '-')
    throw new SpillwayError(
      'usage',
      'outcomes go to a file, beside which finished calls are kept: --out outcomes.jsonl',
    )
  const existing = statOf(out)
  if (existing?.isDirectory() === true)
    throw new SpillwayError(
      'usage',
      `${out}: this is a directory; name a file in it: --out ${join(out, 'outcomes.jsonl')}`,
    )
  if (existing !== undefined && !existing.isFile())
    throw new SpillwayError(
      'usage',
      `${out}: this is no file, and outcomes are to be gone on with; choose another --out`,
    )
  if (existing !== undefined && (statOf(journal)?.size ?? 0) === 0)
    throw new SpillwayError(
      'usage',
      `${out} exists, and ${journal}, from which it could be continued, does not: move it away, or choose another --out`,
    )
  const target = existing === undefined ? out : realpathSync(out)
  const probe = join(dirname(target), `.${basename(target)}.${process.pid}.probe`)
  try {
    await makeFolder(dirname(target))
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (cause) {
    throw new SpillwayError('usage', `${out}: cannot be written (${(cause as NodeJS.ErrnoException).code})`, { cause })
  }
}

/** What is there; whatever keeps it from being seen shows when it is written to. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
