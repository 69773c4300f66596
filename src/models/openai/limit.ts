import type { Stop } from '../stop.ts'

/** When an exchange has to end although the server has not ended it. */
export interface Limit {
  /** Whether the time ran out. */
  timedOut(): boolean
  /** To be called at the end: timers and listeners go. */
  clear(): void
}

/** A timer takes no more, about 25 days. */
const LONGEST_MS = 2 ** 31 - 1

/** Ends an exchange after some time, or when its caller aborts it. */
export function limitOf(timeoutMs: number, abort: (reason: Error) => void, signal?: Stop): Limit {
  let late = false
  const follow = () => abort(signal?.reason as Error)
  const timer = setTimeout(
    () => {
      late = true
      abort(new Error('the time is up'))
    },
    Math.min(timeoutMs, LONGEST_MS),
  )
  if (signal?.aborted === true) follow()
  else signal?.addEventListener('abort', follow, { once: true })
  return {
    timedOut: () => late,
    clear() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', follow)
    },
  }
}
