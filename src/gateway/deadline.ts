import { stopper, type Stop } from '../models/stop.ts'
import { DeadlineError } from './http-error.ts'

/** When a request has to end: its client leaves, or its time is up. */
export interface Deadline {
  signal: Stop
  /** To be called at the end. */
  clear(): void
}

export function deadlineOf(client: Stop, ms: number): Deadline {
  const own = stopper()
  const leave = () => own.abort(client.reason)
  const timer = setTimeout(() => own.abort(new DeadlineError(`there was no whole answer within ${ms / 1000} s`)), ms)
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return {
    signal: own,
    clear() {
      clearTimeout(timer)
      client.removeEventListener('abort', leave)
    },
  }
}
