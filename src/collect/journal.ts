import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { makeFolder } from '../data/write.ts'
import type { CallFailure, CallResult } from './call.ts'

/**
 * Every finished call, one JSON line each, in the order in which they finished. A line is written at once and as a
 * whole, so that whatever ends the process, a finished call is known to the next run; a torn last line is cut off.
 */
export interface Journal {
  has(key: string): boolean
  /** @throws where it has no such call */
  read(key: string): CallResult
  /** Why a call failed that has not succeeded since. */
  failure(key: string): string | undefined
  /** @throws SpillwayError where it cannot be written, or another process has written to it */
  append(record: CallResult | CallFailure): void
  /** How many finished calls it holds. */
  readonly size: number
  close(): void
}

/** @throws SpillwayError where the file cannot be written, or holds something else */
export async function openJournal(path: string): Promise<Journal> {
  const fd = await openFile(path)
  const places = new Map<string, { offset: number; length: number }>()
  const failures = new Map<string, string>()
  const note = (record: CallResult | CallFailure, offset: number, length: number) => {
    if ('error' in record) {
      failures.set(record.key, record.error)
      return
    }
    failures.delete(record.key)
    places.set(record.key, { offset, length })
  }
  let end = 0
  try {
    let number = 0
    for await (const { bytes, whole } of lines(path)) {
      number += 1
      if (!whole) {
        if (!isTorn(bytes)) throw foreign(`${path}:${number}`)
        ftruncateSync(fd, end)
        break
      }
      note(parse(bytes, `${path}:${number}`), end, bytes.length)
      end += bytes.length + 1
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
  let broken: SpillwayError | undefined
  return {
    has: (key) => places.has(key),
    read(key) {
      const place = places.get(key)
      if (place === undefined) throw new Error(`the journal has no call ${key}`)
      const bytes = Buffer.allocUnsafe(place.length)
      readSync(fd, bytes, 0, place.length, place.offset)
      const record = parse(bytes, path) as CallResult
      if (record.key !== key) throw shared(path)
      return record
    },
    failure: (key) => failures.get(key),
    append(record) {
      if (broken !== undefined) throw broken
      const { key, ...rest } = record
      const bytes = Buffer.from(`${JSON.stringify({ key, ...rest })}\n`)
      try {
        if (fstatSync(fd).size !== end) throw shared(path)
        for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
      } catch (cause) {
        broken = SpillwayError.is(cause) ? cause : unwritable(path, cause)
        // Half a line would make one of the next.
        if (broken !== cause) ftruncateSync(fd, end)
        throw broken
      }
      note(record, end, bytes.length - 1)
      end += bytes.length
    },
    get size() {
      return places.size
    },
    close() {
      try {
        fsyncSync(fd)
      } catch (cause) {
        throw unwritable(path, cause)
      } finally {
        closeSync(fd)
      }
    },
  }
}

async function openFile(path: string): Promise<number> {
  let fd: number
  try {
    await makeFolder(dirname(path))
    fd = openSync(path, 'a+')
  } catch (cause) {
    throw unwritable(path, cause)
  }
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw new SpillwayError('usage', `${path}: finished calls are kept here, and this is no file; choose another --out`)
}

const unwritable = (path: string, cause: unknown): SpillwayError =>
  new SpillwayError('usage', `${path}: cannot be written (${(cause as NodeJS.ErrnoException).code})`, { cause })

const shared = (path: string): SpillwayError =>
  new SpillwayError('usage', `${path}: another process writes to it; let only one spillway collect go on with an --out`)

const foreign = (place: string): SpillwayError =>
  new SpillwayError('bad-input', `${place}: this is no recorded call. Move the file away, or choose another --out`)

/** Lines without their ends; the last one is not `whole` where its end is missing. */
async function* lines(path: string): AsyncGenerator<{ bytes: Buffer; whole: boolean }> {
  let begun: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, end)
      yield { bytes: begun.length === 0 ? rest : Buffer.concat([...begun, rest]), whole: true }
      begun = []
      start = end + 1
    }
    if (start < chunk.length) begun.push(chunk.subarray(start))
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), whole: false }
}

/** How every line begins. */
const HEAD = '{"key":"'

const isTorn = (bytes: Buffer): boolean => HEAD.startsWith(bytes.toString('latin1', 0, HEAD.length))

/** @throws SpillwayError where the line is no record of a call */
function parse(line: Buffer, place: string): CallResult | CallFailure {
  try {
    const record = JSON.parse(line.toString('utf8')) as Partial<CallResult & CallFailure>
    const texts = 'error' in record ? [record.key, record.error] : [record.key, record.answer, record.model]
    const timed = 'error' in record || typeof record.latency_ms === 'number'
    if (timed && texts.every((each) => typeof each === 'string')) return record as CallResult | CallFailure
  } catch {
    // told below
  }
  throw foreign(place)
}
