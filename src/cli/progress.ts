import type { Work } from '../core/stats/work.ts'

const WAIT_MS = 1000
const REDRAW_MS = 100
const WIDTH = 24

/**
 * Runs long work to its end, letting signals such as Ctrl-C through, and draws a bar on a terminal where it takes more
 * than a second.
 */
export async function withProgress<T>(work: Work<T>, quiet: boolean | undefined): Promise<T> {
  const { stderr } = process
  const started = performance.now()
  let [drawn, rested] = [-Infinity, started]
  const clear = () => drawn > -Infinity && stderr.write('\r\x1b[K')
  process.once('exit', clear) // an interrupt leaves no half bar
  try {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done === true) return step.value
      const now = performance.now()
      if (now - rested > REDRAW_MS) {
        await new Promise<void>((resume) => setImmediate(resume))
        rested = performance.now()
      }
      if (quiet === true || !stderr.isTTY || now - started < WAIT_MS || now - drawn < REDRAW_MS) continue
      drawn = now
      const { label, done, total } = step.value
      stderr.write(`\r\x1b[K${bar(done / total)} ${Math.round((100 * done) / total)} % ${label}`)
    }
  } finally {
    clear()
    process.off('exit', clear)
  }
}

/** A bar that is filled to a share. */
export function bar(share: number): string {
  const filled = Math.round(WIDTH * share)
  return '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
}
