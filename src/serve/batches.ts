/** Things that are dealt with together, a moment after they came. */
export interface Batches<Each> {
  add(each: Each): void
  /** Deals with those that wait, at once. */
  flush(): void
}

/** What is done some ten times in a row takes a third of the time that it does once in between other work. */
const GATHER_MS = 25

/** @param onFault told of what goes wrong with one; the others are dealt with all the same */
export function inBatches<Each>(take: (each: Each) => void, onFault: (error: unknown) => void): Batches<Each> {
  let waiting: Each[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const all = waiting
    waiting = []
    for (const each of all)
      try {
        take(each)
      } catch (error) {
        onFault(error)
      }
  }
  return {
    add(each) {
      waiting.push(each)
      timer ??= setTimeout(flush, GATHER_MS)
    },
    flush,
  }
}
