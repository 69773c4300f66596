let onInterrupt: (() => void) | undefined

/** What Ctrl-C does: exit at once, unless a command has something to bring to an end; the second time, exit at once. */
export function interrupt(): void {
  const handle = onInterrupt
  onInterrupt = undefined
  if (handle === undefined) process.exit(130)
  handle()
}

/** Runs work that a first Ctrl-C asks to end through the signal, rather than ending the process. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  onInterrupt = () => controller.abort()
  try {
    return await work(controller.signal)
  } finally {
    onInterrupt = undefined
  }
}
