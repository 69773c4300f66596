/**
 * What is used of an AbortSignal, which each of them has. Those that are made for every request are made by `stopper`:
 * with a few of Node's own (20), a tenth of a gateway's time goes into making and listening to them.
 */
export interface Stop {
  readonly aborted: boolean
  /** Once it is aborted: why. */
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A stop that its owner brings about. */
export interface Stopper extends Stop {
  /** Nothing happens where it is aborted already. */
  abort(reason?: unknown): void
}

export const stopper = (): Stopper => new OwnStop()

class OwnStop implements Stopper {
  aborted = false
  reason: unknown
  private listeners: (() => void)[] = []

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }
  /** It happens once, whatever the options say. */
  addEventListener(_: 'abort', listener: () => void): void {
    this.listeners.push(listener)
  }
  removeEventListener(_: 'abort', listener: () => void): void {
    this.listeners = this.listeners.filter((each) => each !== listener)
  }
  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    // A listener may take another one away.
    for (const listener of this.listeners) if (this.listeners.includes(listener)) listener()
    this.listeners = []
  }
}

/** The same for what wants one of Node's own. */
export function abortSignalOf(stop: Stop): AbortSignal {
  if (stop instanceof AbortSignal) return stop
  const controller = new AbortController()
  if (stop.aborted) controller.abort(stop.reason)
  else stop.addEventListener('abort', () => controller.abort(stop.reason), { once: true })
  return controller.signal
}
