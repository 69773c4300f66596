/** When an exchange has to end although the server has not ended it. */
export interface Limit {
  signal: AbortSignal
  /** Whether the time ran out. */
  timedOut(): boolean
  /** To be called at the end: timers and listeners go. */
  clear(): void
}

/** A timer takes no more, about 25 days. */
const LONGEST_MS = 2 ** 31 - 1

/** Ends an exchange after some time, or when its caller aborts it. */
export function limitOf(timeoutMs: number, signal?: AbortSignal): Limit {
  const controller = new AbortController()
  let late = false
  const abort = () => controller.abort()
  const timer = setTimeout(
    () => {
      late = true
      abort()
    },
    Math.min(timeoutMs, LONGEST_MS),
  )
  if (signal?.aborted === true) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    timedOut: () => late,
    clear() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
