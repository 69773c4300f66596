import type { Stop } from '../models/stop.ts'
import { HttpError } from './http-error.ts'

/** Lets so many requests in at a time; some more wait, and the rest are turned away. */
export interface Gate {
  /**
   * Waits for a place; what it gives is to be called once the request is over.
   * @throws HttpError 429 where too many wait already, 503 where the wait is too long or the gate closed; the signal's
   * reason where it is aborted
   */
  enter(signal: Stop): Promise<() => void>
  inside(): number
  waiting(): number
  /** Lets nobody in any more; resolves once all are out. */
  close(): Promise<void>
}

export interface GateOptions {
  places: number
  queue: number
  waitMs: number
}

interface Waiter {
  letIn(): void
  turnAway(error: HttpError): void
}

const busy = (status: number, message: string) =>
  new HttpError({
    status,
    message,
    type: status === 429 ? 'rate_limit_error' : 'api_error',
    code: 'overloaded',
    retryAfter: 1,
  })

export function gateOf({ places, queue, waitMs }: GateOptions): Gate {
  const waiters = new Set<Waiter>()
  let inside = 0
  let closed = false
  let onEmpty: (() => void) | undefined

  /** A place that can be given back once. */
  const place = () => {
    inside++
    let mine = true
    return () => {
      if (!mine) return
      mine = false
      inside--
      const [next] = waiters
      next?.letIn()
      if (inside === 0) onEmpty?.()
    }
  }
  const wait = (signal: Stop) =>
    new Promise<() => void>((resolve, reject) => {
      const leave = () => {
        waiters.delete(waiter)
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        letIn() {
          leave()
          resolve(place())
        },
        turnAway(error) {
          leave()
          reject(error)
        },
      }
      const abort = () => {
        leave()
        reject(signal.reason)
      }
      const timer = setTimeout(
        () => waiter.turnAway(busy(503, 'the gateway is busy, and the wait was too long')),
        waitMs,
      )
      waiters.add(waiter)
      signal.addEventListener('abort', abort, { once: true })
    })

  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (closed) throw busy(503, 'the gateway is shutting down')
      if (inside < places) return place()
      if (waiters.size >= queue) throw busy(429, 'the gateway is busy, and enough requests wait already')
      return wait(signal)
    },
    inside: () => inside,
    waiting: () => waiters.size,
    async close() {
      closed = true
      for (const waiter of waiters) waiter.turnAway(busy(503, 'the gateway is shutting down'))
      if (inside > 0) await new Promise<void>((resolve) => (onEmpty = resolve))
    },
  }
}
