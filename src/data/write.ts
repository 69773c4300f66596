import { once } from 'node:events'
import { createWriteStream, openSync, rmSync, type WriteStream } from 'node:fs'
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { SpillwayError } from '../core/errors.ts'

const CHUNK_CHARACTERS = 1 << 16

/** A text, or bytes, in parts, which may take time to make. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/**
 * Writes pieces to a stream in larger chunks, waiting for it where it is full. All pieces are made, but those for a
 * stream that has failed or closed are dropped: its owner hears of the error.
 */
export async function writePieces(pieces: Pieces, sink: NodeJS.WritableStream): Promise<void> {
  let closed = false
  let wake = (): void => {}
  const onDrain = () => wake()
  const onClose = () => {
    closed = true
    wake()
  }
  sink.on('drain', onDrain).on('close', onClose).on('error', onClose)
  const flush = async (chunk: string | Uint8Array) => {
    if (closed || sink.write(chunk)) return
    await new Promise<void>((resolve) => (wake = resolve))
  }
  let chunk = ''
  for await (const piece of pieces) {
    if (typeof piece !== 'string') {
      if (chunk !== '') await flush(chunk)
      chunk = ''
      await flush(piece)
      continue
    }
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    await flush(chunk)
    chunk = ''
  }
  if (chunk !== '') await flush(chunk)
  sink.off('drain', onDrain).off('close', onClose).off('error', onClose)
}

/** Files not whole yet; an interrupted process takes them away. */
const unfinished = new Set<string>()
process.once('exit', () => unfinished.forEach((path) => rmSync(path, { force: true })))

/**
 * Writes a file under a temporary name and renames it when it is whole: an interrupted run leaves the old file.
 * A link is followed; a pipe or device is written to as it stands.
 * @throws SpillwayError `usage` where the file cannot be written
 */
export async function writeFileWhole(path: string, pieces: Pieces): Promise<void> {
  let temporary: string | undefined
  try {
    await makeFolder(dirname(path))
    const target = await realpath(path).catch(() => path)
    const existing = await stat(target).catch(() => undefined)
    if (existing === undefined || existing.isFile())
      temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    const file = temporary === undefined ? createWriteStream(target) : createTemporary(temporary)
    if (temporary === undefined) await once(file, 'open')
    const done = finished(file)
    done.catch(() => {}) // it is awaited below; until then an error must not count as unhandled
    await writePieces(pieces, file)
    file.end()
    await done
    if (temporary !== undefined) await rename(temporary, target)
  } catch (cause) {
    if (temporary !== undefined && unfinished.has(temporary)) await rm(temporary, { force: true })
    const { code } = cause as NodeJS.ErrnoException
    if (SpillwayError.is(cause) || code === undefined) throw cause
    throw new SpillwayError('usage', `${path}: cannot be written (${code})`, { cause })
  } finally {
    if (temporary !== undefined) unfinished.delete(temporary)
  }
}

/** Opened at once: an interrupt between the opening and the news of it would leave a file that nobody takes away. */
function createTemporary(path: string): WriteStream {
  const fd = openSync(path, 'w')
  unfinished.add(path)
  return createWriteStream(path, { fd })
}

/** Makes a folder and those above it. Node's own recursive mkdir never ends where a parent refuses with ENOENT, as /proc does. */
export async function makeFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return
  if (dirname(path) !== path) await makeFolder(dirname(path))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error // another process was faster
  })
}
