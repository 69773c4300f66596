import { createStream } from 'rotating-file-stream'
import type { DecisionRecord } from '../cascade/record.ts'

/** Where decisions are kept, a JSON line each. */
export interface DecisionLog {
  /** Takes a record in, or drops it where too many wait to be written. Never waits. */
  write(record: DecisionRecord): void
  dropped(): number
  /** Writes what waits, and ends. */
  close(): Promise<void>
}

export interface DecisionLogOptions {
  folder: string
  /** A file that has grown so long makes room for a new one. */
  fileMb: number
  /** Older files go. */
  files: number
  /** Told of what keeps it from writing, once until it writes again. */
  onNotice: (text: string) => void
}

const NAME = 'decisions'
/** More than that in memory means that the disk does not keep up. */
const MOST_WAITING_BYTES = 16 * 2 ** 20

/** Writes to decisions.jsonl; full files are decisions-TIME.jsonl beside it. */
export function decisionLog({ folder, fileMb, files, onNotice }: DecisionLogOptions): DecisionLog {
  let dropped = 0
  let failing = false
  const stream = createStream((time, index) => nameOf(time as Date | null, index), {
    path: folder,
    size: `${Math.max(1, Math.round(fileMb))}M`,
    maxFiles: files,
    mode: 0o600,
  })
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!failing) onNotice(`the decision log cannot be written (${error.code ?? error.message}): ${folder}`)
    failing = true
  })
  stream.on('warning', (error: Error) => onNotice(`the decision log: ${error.message}`))
  return {
    write(record) {
      if (stream.writableLength > MOST_WAITING_BYTES || stream.destroyed) {
        dropped++
        return
      }
      stream.write(`${JSON.stringify(record)}\n`, (error) => {
        if (error) dropped++
        else failing = false
      })
    },
    dropped: () => dropped,
    close: () =>
      new Promise((resolve) => {
        if (stream.destroyed) resolve()
        else stream.once('close', resolve).end(() => resolve())
      }),
  }
}

/** The name without a time is the file that is being written. */
function nameOf(time: Date | null, index = 1): string {
  if (time === null) return `${NAME}.jsonl`
  const stamp = time.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${NAME}-${stamp}-${index}.jsonl`
}
