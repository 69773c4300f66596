import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SpillwayError } from '../core/errors.ts'
import { shownPath } from './engines/paths.ts'

const CHUNK_BYTES = 1 << 20

/** What the user calls a path in messages. */
export const nameOf = (path: string): string => (path === '-' ? 'stdin' : shownPath(path))

/**
 * The bytes of a file, or of standard input for `-`; gzip is recognised by its first bytes and unpacked.
 * @throws SpillwayError `bad-input` where there is no such file, it is a directory, or its gzip stream is broken
 */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const name = nameOf(path)
  if (path !== '-') await checkFile(path)
  const raw = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const first = await firstBytes(chunks)
    const all = rest(first, chunks)
    const format = foreignFormat(first)
    if (format !== undefined) throw new SpillwayError('bad-input', `${name}: this is ${format}`)
    if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzip(all)
    else yield* all
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('Z_'))
      throw new SpillwayError(
        'bad-input',
        `${name}: the gzip stream is broken (${(cause as Error).message}). Is the file cut off?`,
        { cause },
      )
    if (SpillwayError.is(cause) || code === '') throw cause
    throw new SpillwayError('bad-input', `${name}: cannot be read (${code})`, { cause })
  }
}

async function checkFile(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${cause.code})`
    throw new SpillwayError('bad-input', `${path}: ${problem}`, { cause })
  })
  if (info.isDirectory()) throw new SpillwayError('bad-input', `${path}: this is a directory; name a file in it`)
}

/** What a file is that only looks like text by its name, and what to do. */
function foreignFormat(head: Buffer): string | undefined {
  const magic = head.toString('latin1', 0, 4)
  if (magic === 'PK\x03\x04') return 'a spreadsheet or zip archive; export it as CSV or JSONL'
  return magic === 'PAR1'
    ? 'Parquet, which is read where outcomes are, from files whose names end in .parquet; elsewhere export it as JSONL'
    : undefined
}

/** The first four bytes or more, or all there are: a pipe may deliver single bytes. */
async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 4) {
    const next = await chunks.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  return head
}

async function* rest(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
  } finally {
    await chunks.return?.()
  }
}

function gunzip(chunks: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  // A failure on either side reaches the reader through the last stream; there is nothing left to do here.
  return pipeline(chunks, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
}
