import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { SpillwayError } from '../core/errors.ts'

const CHUNK_CHARACTERS = 1 << 16

/** Writes pieces to a stream in larger chunks, waiting for it where it is full. Pieces for a closed pipe are dropped. */
export async function writePieces(
  pieces: Iterable<string>,
  sink: NodeJS.WritableStream & { destroyed?: boolean },
): Promise<void> {
  let chunk = ''
  const flush = async () => {
    if (sink.destroyed !== true && !sink.write(chunk)) await Promise.race([once(sink, 'drain'), once(sink, 'close')])
    chunk = ''
  }
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length >= CHUNK_CHARACTERS) await flush()
  }
  if (chunk !== '') await flush()
}

/** Files not whole yet; an interrupted process takes them away. */
const unfinished = new Set<string>()
process.once('exit', () => unfinished.forEach((path) => rmSync(path, { force: true })))

/**
 * Writes a file under a temporary name and renames it when it is whole: an interrupted run leaves the old file.
 * @throws SpillwayError `usage` where the file cannot be written
 */
export async function writeFileWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = createWriteStream(temporary)
    await once(file, 'open')
    unfinished.add(temporary)
    await writePieces(pieces, file)
    file.end()
    await finished(file)
    await rename(temporary, path)
  } catch (cause) {
    if (unfinished.has(temporary)) await rm(temporary, { force: true })
    const { code } = cause as NodeJS.ErrnoException
    if (SpillwayError.is(cause) || code === undefined) throw cause
    throw new SpillwayError('usage', `${path}: cannot be written (${code})`, { cause })
  } finally {
    unfinished.delete(temporary)
  }
}
