import type { Stop } from './stop.ts'

/** Things that one user at a time may have, such as contexts; those who wait are served in order. */
export interface Pool<T> {
  /** @throws the signal's reason where it is aborted before there is one */
  take(signal?: Stop): Promise<T>
  give(item: T): void
}

export function poolOf<T>(items: readonly T[]): Pool<T> {
  const free = [...items]
  const waiting = new Set<(item: T) => void>()
  return {
    take(signal) {
      if (signal?.aborted === true) return Promise.reject(signal.reason)
      const item = free.pop()
      if (item !== undefined) return Promise.resolve(item)
      return new Promise<T>((resolve, reject) => {
        const abort = () => {
          waiting.delete(serve)
          reject(signal?.reason)
        }
        const serve = (given: T) => {
          signal?.removeEventListener('abort', abort)
          resolve(given)
        }
        waiting.add(serve)
        signal?.addEventListener('abort', abort, { once: true })
      })
    },
    give(item) {
      const [next] = waiting
      if (next === undefined) {
        free.push(item)
        return
      }
      waiting.delete(next)
      next(item)
    },
  }
}
