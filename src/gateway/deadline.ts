import { DeadlineError } from './http-error.ts'

/** When a request has to end: its client leaves, or its time is up. */
export interface Deadline {
  signal: AbortSignal
  /** To be called at the end. */
  clear(): void
}

export function deadlineOf(client: AbortSignal, ms: number): Deadline {
  const controller = new AbortController()
  const leave = () => controller.abort(client.reason)
  const timer = setTimeout(
    () => controller.abort(new DeadlineError(`there was no whole answer within ${ms / 1000} s`)),
    ms,
  )
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      client.removeEventListener('abort', leave)
    },
  }
}
