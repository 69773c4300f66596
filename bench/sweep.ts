/**
 * `npm run bench`: the exact sweep of one signal, per size, each size in a process of its own.
 *
 * Baselines of the same run: (a) the study's algorithm, which scans all rows again for each of 18 thresholds (nine a
 * signal; it gives 18 points where the exact curves of both signals give one a row); (b) one plain copy of the three
 * columns that a sweep reads, the floor that memory sets.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Outcomes, SignalColumn } from '../src/core/outcomes/outcomes.ts'
import { bestThreshold } from '../src/core/sweep/best-threshold.ts'
import { exactCurve, sortSignal } from '../src/core/sweep/curve.ts'
import { alignColumns } from '../src/report/text-table.ts'
import { costs, outcomesOf } from './outcomes.ts'
import { inMs, medianMs, peakMb, ratio } from './timing.ts'

const SIZES = [1_000, 20_000, 200_000, 1_000_000, 10_000_000]
/** The study's way: for each of nine thresholds between the extremes of each signal, route every row and average. */
function study({ small, large, rows }: Outcomes, signals: readonly SignalColumn[]) {
  const points: { quality: number; cost: number }[] = []
  for (const { values, direction } of signals) {
    let [low, high] = [Infinity, -Infinity]
    for (let row = 0; row < rows; row++) {
      low = Math.min(low, values[row])
      high = Math.max(high, values[row])
    }
    for (let step = 1; step <= 9; step++) {
      const threshold = low + ((high - low) * step) / 10
      let [quality, cost] = [0, 0]
      for (let row = 0; row < rows; row++) {
        const keep = direction === 'higher' ? values[row] >= threshold : values[row] <= threshold
        quality += keep ? small.quality[row] : large.quality[row]
        cost += keep ? 1 : 21
      }
      points.push({ quality: quality / rows, cost: cost / rows })
    }
  }
  return points
}

function measure(rows: number): string[] {
  const { outcomes, signals } = outcomesOf(rows)
  const runs = rows >= 10_000_000 ? 3 : rows >= 1_000_000 ? 5 : 15
  const exact = (signal: SignalColumn) => exactCurve(outcomes, sortSignal(signal), costs)
  const one = medianMs(runs, () => exact(signals[0]))
  const peak = peakMb()
  const both = medianMs(runs, () => signals.map((signal) => exact(signal).length))
  const target = { minQuality: (outcomes.small.quality.reduce((a, b) => a + b, 0) / rows) * 0.4 + 0.6 * 0.9 }
  const best = medianMs(runs, () => bestThreshold(outcomes, signals[0], costs, target))
  const scanned = medianMs(runs, () => study(outcomes, signals))
  const columns = [signals[0].values, outcomes.small.quality, outcomes.large.quality]
  const copied = medianMs(runs, () => columns.map((column) => column.slice()))
  return [
    rows.toLocaleString('en-US'),
    inMs(one.ms),
    inMs(copied.ms),
    ratio(one.ms / copied.ms),
    inMs(both.ms),
    inMs(scanned.ms),
    ratio(both.ms / scanned.ms),
    inMs(best.ms),
    ratio(best.ms / one.ms),
    String(peak),
  ]
}

if (process.send !== undefined) process.send(measure(Number(process.argv[2])))
else {
  const table = [
    [
      'rows',
      'exact ms',
      '(b) copy ms',
      'exact/copy',
      'both signals ms',
      '(a) study ms',
      'both/study',
      'best only ms',
      'best/exact',
      'peak MB',
    ],
  ]
  for (const size of SIZES) {
    table.push(
      await new Promise<string[]>((resolve, reject) => {
        fork(fileURLToPath(import.meta.url), [String(size)])
          .on('message', (row: string[]) => resolve(row))
          .on('error', reject)
          .on('exit', (code) => code !== 0 && reject(new Error(`size ${size} ended with ${code}`)))
      }),
    )
    process.stdout.write(`${alignColumns(table).at(-1)}\n`)
  }
  process.stdout.write(`\n${alignColumns(table).join('\n')}\n`)
}
