import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { makeFolder } from '../data/write.ts'
import { jsonLines } from './json-lines.ts'
import { noMarks, type Marks } from './marks.ts'
import type { Mark } from './record.ts'
import { markOf } from './schema.ts'

/** A file of marks that is being added to. */
export interface MarksFile extends Marks {
  readonly path: string
  /**
   * Writes marks, all or none of them. Whoever waits for it may say that they are saved: not even a machine that loses
   * its power forgets them.
   * @throws SpillwayError `usage` where they cannot be written, or another process writes there
   */
  append(marks: readonly Mark[]): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a file of marks, a new one where there is none; what was cut off at its end is taken away.
 * @throws SpillwayError where it holds something else, or cannot be written
 */
export async function openMarks(path: string): Promise<MarksFile> {
  const handle = await opened(path)
  const marks = noMarks()
  let end = 0
  try {
    if (path.endsWith('.gz'))
      throw new SpillwayError('usage', `${path}: marks are added line by line; name a file without .gz`)
    let [torn, whole] = [false, true]
    for await (const line of jsonLines(path, () => (torn = true))) {
      marks.add(markOf(line.value, line.place))
      ;({ end, whole } = line)
    }
    if (torn) await mend(handle, path, end)
    if (!whole) end += (await handle.write('\n')).bytesWritten
    end = (await handle.stat()).size
  } catch (error) {
    await handle.close()
    throw error
  }

  let last: Promise<void> = Promise.resolve()
  const write = async (added: readonly Mark[]): Promise<void> => {
    const bytes = Buffer.from(added.map((mark) => `${JSON.stringify(mark)}\n`).join(''))
    if ((await handle.stat()).size !== end)
      throw new SpillwayError('usage', `${path}: another process writes to it; let only one spillway label write there`)
    try {
      await handle.appendFile(bytes)
      await handle.datasync()
    } catch (cause) {
      // Half a line would make one of the next.
      await handle.truncate(end).catch(() => {})
      throw unwritable(path, cause)
    }
    end += bytes.length
    for (const mark of added) marks.add(mark)
  }
  return {
    path,
    get: (id, answer) => marks.get(id, answer),
    get size() {
      return marks.size
    },
    append: (added) => (last = last.catch(() => {}).then(() => write(added))),
    async close() {
      await last.catch(() => {})
      await handle.close()
    },
  }
}

async function opened(path: string): Promise<FileHandle> {
  let handle: FileHandle
  try {
    await makeFolder(dirname(path))
    handle = await open(path, 'a+', 0o600)
  } catch (cause) {
    throw unwritable(path, cause)
  }
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new SpillwayError('usage', `${path}: marks are kept here, and this is no file; choose another one with --out`)
}

/** How every line begins. */
const HEAD = '{"id":"'

/** @throws SpillwayError where what stands at the end is no beginning of a mark */
async function mend(handle: FileHandle, path: string, end: number): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, end)
  const left = buffer.toString('latin1', 0, bytesRead).trimStart()
  if (!left.startsWith(HEAD) && !HEAD.startsWith(left)) throw foreign(path)
  await handle.truncate(end)
  await handle.datasync()
}

const foreign = (path: string): SpillwayError =>
  new SpillwayError('bad-input', `${path}: this is no file of marks; move it away, or choose another one with --out`)

const unwritable = (path: string, cause: unknown): SpillwayError =>
  new SpillwayError('usage', `${path}: cannot be written (${(cause as NodeJS.ErrnoException).code})`, { cause })
