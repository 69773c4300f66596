import type { Progress } from '../collect/collect.ts'
import { bar } from './progress.ts'

const REDRAW_MS = 100
const LINE_MS = 10_000

/** Shows how far a collection is: a bar on a terminal, else a line every ten seconds. */
export function collectProgress(total: number, stderr: NodeJS.WriteStream, quiet: boolean | undefined) {
  const started = performance.now()
  let shown = started
  let drawn = false
  let begun: number | undefined
  const clear = () => {
    if (drawn) stderr.write('\r\x1b[K')
    drawn = false
  }
  return {
    show(progress: Progress): void {
      if (quiet === true) return
      const done = progress.finished + progress.failed
      // What an earlier run had finished says nothing about this one's pace.
      if (progress.calls === 0) begun = done
      const now = performance.now()
      if (now - shown < (stderr.isTTY ? REDRAW_MS : LINE_MS)) return
      shown = now
      const text = line(progress, done - (begun ?? 0), total, (now - started) / 1000)
      drawn = stderr.isTTY
      stderr.write(stderr.isTTY ? `\r\x1b[K${bar(done / total)} ${text}` : `${text}\n`)
    },
    clear,
  }
}

function line({ finished, failed, cost }: Progress, asked: number, total: number, seconds: number): string {
  const done = finished + failed
  const rate = asked / seconds
  return [
    `${done.toLocaleString('en')} of ${total.toLocaleString('en')} questions`,
    `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`,
    `cost ${amount(cost)}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rate > 0 ? [`${duration((total - done) / rate)} left`] : []),
  ].join(', ')
}

/** Four significant digits, without zeros that say nothing. */
export const amount = (cost: number): string => String(Number(cost.toPrecision(4)))

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
