/** What happened in buckets of time, of which the oldest go. */
export interface Ring<T> {
  readonly bucketMs: number
  readonly length: number
  /** The number of the bucket at a time; they are counted from the time 0. */
  numberAt(now: number): number
  /** What is in the bucket of now. */
  current(now: number): T
  /** The buckets from a number on in which something happened, the oldest first. */
  recent(now: number, since?: number): [number: number, bucket: T][]
  /** Lets go of what is too old by now. */
  forget(now: number): void
}

/**
 * A ring of so many buckets; each is made when something happens in it.
 * @param gone told of each bucket that has become too old
 */
export function ringOf<T>(bucketMs: number, length: number, make: () => T, gone: (bucket: T) => void): Ring<T> {
  const buckets: (T | undefined)[] = Array.from({ length })
  /** The number of the oldest bucket that may still be there. */
  let oldest = 0
  const numberAt = (now: number) => Math.floor(now / bucketMs)

  function forget(now: number): void {
    const first = numberAt(now) - length + 1
    // After a long rest, once around is enough.
    for (let number = oldest; number < Math.min(first, oldest + length); number++) {
      const bucket = buckets[number % length]
      if (bucket !== undefined) gone(bucket)
      buckets[number % length] = undefined
    }
    oldest = Math.max(oldest, first)
  }

  return {
    bucketMs,
    length,
    numberAt,
    forget,
    current(now) {
      forget(now)
      return (buckets[numberAt(now) % length] ??= make())
    },
    recent(now, since = 0) {
      forget(now)
      const found: [number, T][] = []
      for (let number = Math.max(oldest, since); number <= numberAt(now); number++) {
        const bucket = buckets[number % length]
        if (bucket !== undefined) found.push([number, bucket])
      }
      return found
    },
  }
}
