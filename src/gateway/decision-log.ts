import { createStream } from 'rotating-file-stream'
import type { DecisionRecord } from '../cascade/record.ts'

/** Where records are kept, a JSON line each. */
export interface RecordLog<Each extends object = DecisionRecord> {
  /** Takes a record in, or drops it where too many wait to be written. Never waits. */
  write(record: Each): void
  dropped(): number
  /** Writes what waits, and ends. */
  close(): Promise<void>
}

/** Where decisions are kept. */
export type DecisionLog = RecordLog

/** Where records are kept, and how many. */
export interface DecisionLogOptions {
  folder: string
  /** How the files begin; decisions. */
  name?: keyof typeof called
  /** A file that has grown so long makes room for a new one. */
  fileMb: number
  /** Older files go. */
  files: number
  /** After a failure, before it is tried again; 1,000. */
  restMs?: number
  /** Told of what keeps it from writing, once until it writes again. */
  onNotice: (text: string) => void
}

const called = { decisions: 'the decision log', audits: 'the audit log' }
/** More than that in memory means that the disk does not keep up. */
const MOST_WAITING = 16 * 2 ** 20
/** Lines are written together, as many as have come for a moment or while others were written, up to that. */
const MOST_AT_ONCE = 2 ** 18
/** A write costs as much as a tenth of a request. */
const GATHER_MS = 10
/** After a failure, such as a full disk, before it is tried again. */
const REST_MS = 1000

/** Writes to decisions.jsonl; full files are decisions-TIME.jsonl beside it. */
export function decisionLog<Each extends object = DecisionRecord>({
  folder,
  name = 'decisions',
  fileMb,
  files,
  restMs = REST_MS,
  onNotice,
}: DecisionLogOptions): RecordLog<Each> {
  let dropped = 0
  let lines: string[] = []
  /** The length of all lines that are not written yet. */
  let waiting = 0
  /** Lines are being written, or gathered for it. */
  let writing = false
  let failing = false
  let restsUntil = 0
  let stream = open()
  let onWritten: (() => void) | undefined

  function open() {
    const opened = createStream((time, index) => nameOf(name, time as Date | null, index), {
      path: folder,
      size: `${Math.max(1, Math.round(fileMb))}M`,
      maxFiles: files,
      mode: 0o600,
    })
    return opened.on('error', fail).on('warning', (error: Error) => onNotice(`${called[name]}: ${error.message}`))
  }
  /** A stream that failed once takes nothing any more. */
  function fail(error: NodeJS.ErrnoException) {
    if (!failing) onNotice(`${called[name]} cannot be written (${error.code ?? error.message}): ${folder}`)
    failing = true
    restsUntil = performance.now() + restMs
    dropped += lines.length
    lines = []
    waiting = 0
  }
  function gather() {
    writing = lines.length > 0
    if (!writing) onWritten?.()
    else if (onWritten !== undefined || waiting > MOST_AT_ONCE) flush()
    else setTimeout(flush, GATHER_MS)
  }
  function flush() {
    let count = 0
    for (let length = 0; count < lines.length && length < MOST_AT_ONCE; count++) length += lines[count].length
    const some = lines.splice(0, count)
    const text = some.join('')
    // What was written last may have broken off within its line.
    stream.write(failing ? `\n${text}` : text, (error) => {
      if (error) {
        dropped += some.length
        fail(error)
      } else {
        waiting -= text.length
        failing = false
      }
      gather()
    })
  }

  return {
    write(record) {
      if (waiting > MOST_WAITING || (failing && performance.now() < restsUntil)) {
        dropped++
        return
      }
      if (stream.destroyed) stream = open()
      const line = `${JSON.stringify(record)}\n`
      lines.push(line)
      waiting += line.length
      if (!writing) gather()
    },
    dropped: () => dropped,
    async close() {
      if (writing) await new Promise<void>((resolve) => (onWritten = resolve))
      if (!stream.destroyed) await new Promise<void>((resolve) => stream.once('close', resolve).end(() => resolve()))
    },
  }
}

/** The name without a time is the file that is being written. */
function nameOf(name: string, time: Date | null, index = 1): string {
  if (time === null) return `${name}.jsonl`
  // To the millisecond, so that names are in the order of time: an index is free again once its file has gone.
  const stamp = time.toISOString().replaceAll(/[-:.]/g, '')
  return `${name}-${stamp}-${index}.jsonl`
}
