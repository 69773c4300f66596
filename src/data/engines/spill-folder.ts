import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders of this process, and how what writes to each is stopped. */
const folders = new Map<string, () => void>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A folder for gigabytes that no ended process leaves behind. */
export interface SpillFolder {
  path: string
  /** Says how what writes there is stopped, where the process ends before it is done. */
  onEnd: (stop: () => void) => void
  remove: () => void
}

/** Makes a folder that only this user can read; it goes when it is removed, or the process exits or is told to end. */
export function spillFolder(): SpillFolder {
  if (folders.size === 0) {
    process.on('exit', removeAll)
    for (const signal of signals) process.on(signal, end)
  }
  const path = mkdtempSync(join(tmpdir(), 'spillway-duckdb-'))
  folders.set(path, () => {})
  return {
    path,
    onEnd: (stop) => void folders.set(path, stop),
    remove() {
      remove(path)
      if (folders.size === 0) forget()
    },
  }
}

/** A listener keeps a signal from ending the process: where nobody else listens, it is sent again without one. */
function end(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  removeAll()
  forget()
  process.kill(process.pid, signal)
}

function removeAll(): void {
  for (const stop of folders.values()) stop()
  for (const path of folders.keys()) remove(path)
}

/** What still runs may write a file meanwhile: then once more. */
function remove(path: string): void {
  folders.delete(path)
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 })
}

function forget(): void {
  process.off('exit', removeAll)
  for (const signal of signals) process.off(signal, end)
}
