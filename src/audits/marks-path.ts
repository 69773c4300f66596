import { basename, dirname, join } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { isFolder } from './read.ts'

/**
 * Where the marks of logs are kept: beside them, in marks.jsonl, and those of a single file under its own name.
 * @throws SpillwayError `usage` where the logs lie in several folders
 */
export async function marksPathOf(logs: readonly string[]): Promise<string> {
  const [first, ...more] = logs
  if (more.length === 0 && !(await isFolder(first)))
    return join(dirname(first), `${basename(first).replace(/(?:\.jsonl)?(?:\.gz)?$/, '')}.marks.jsonl`)
  const folders = new Set<string>()
  for (const path of logs) folders.add(join((await isFolder(path)) ? path : dirname(path)))
  if (folders.size > 1)
    throw new SpillwayError('usage', 'these logs lie in several folders; say where their marks go with --out FILE')
  return join([...folders][0], 'marks.jsonl')
}
