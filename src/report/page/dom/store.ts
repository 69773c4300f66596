import type { Choice } from '../model/stop.ts'

/** The one thing that changes in the page. Who listens is told once a frame, however often it changes. */
export interface Store {
  get(): Choice
  set(choice: Choice): void
  /** Calls the listener now, and after every change. */
  follow(listener: (choice: Choice) => void): void
}

export function choiceStore(first: Choice): Store {
  let choice = first
  let waiting = false
  const listeners: ((choice: Choice) => void)[] = []
  const tell = () => {
    waiting = false
    for (const listener of listeners) listener(choice)
  }
  return {
    get: () => choice,
    set(next) {
      if (next.signal === choice.signal && next.stop === choice.stop) return
      choice = next
      if (waiting) return
      waiting = true
      requestAnimationFrame(tell)
    },
    follow(listener) {
      listeners.push(listener)
      listener(choice)
    },
  }
}
