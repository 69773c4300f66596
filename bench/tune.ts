/**
 * `npm run bench:tune`: 1,000 resamples of a signal's whole curve (four areas, and quality, cost and kept share at 101
 * thresholds, with intervals and bands), by weighing the presorted rows.
 *
 * Baselines of the same run: (a) the plain way, which builds each resample, sorts it and computes its curve and areas,
 * measured on 20 resamples and multiplied; (b) the floor of any such bootstrap, drawing the numbers and adding up one
 * weighted column in order.
 */
import { finish } from '../src/core/stats/work.ts'
import { curveIntervals } from '../src/core/intervals/curve-intervals.ts'
import { curveMetrics } from '../src/core/metrics/metrics.ts'
import { selectRows } from '../src/core/outcomes/select.ts'
import { drawCounts, indexBelow, seeded } from '../src/core/stats/random.ts'
import { exactCurve, sortSignal } from '../src/core/sweep/curve.ts'
import { alignColumns } from '../src/report/text-table.ts'
import { costs, outcomesOf } from './outcomes.ts'
import { inMs, medianMs, ratio } from './timing.ts'

const SIZES = [1_000, 20_000, 200_000]
const RESAMPLES = 1000
const PLAIN_RESAMPLES = 20

function measure(rows: number): string[] {
  const { outcomes, signals } = outcomesOf(rows)
  outcomes.groups = { codes: new Uint32Array(rows).map((_, row) => row), count: rows, from: 'row' }
  const sorted = sortSignal(signals[0])
  const runs = rows >= 200_000 ? 3 : 7
  const ours = medianMs(runs, () => finish(curveIntervals(outcomes, sorted, costs, { resamples: RESAMPLES })))
  const gain = Float64Array.from(sorted.rows, (row) => outcomes.large.quality[row] - outcomes.small.quality[row])
  const floor = medianMs(runs, () => {
    const random = seeded(1)
    const counts = new Uint8Array(rows)
    let total = 0
    for (let resample = 0; resample < RESAMPLES; resample++) {
      drawCounts(random, counts)
      for (let i = 0; i < rows; i++) total += counts[sorted.rows[i]] * gain[i]
    }
    return total
  })
  const plain = medianMs(1, () => {
    const random = seeded(1)
    let total = 0
    for (let resample = 0; resample < PLAIN_RESAMPLES; resample++) {
      const drawn = selectRows(
        outcomes,
        new Uint32Array(rows).map(() => indexBelow(random, rows)),
      )
      const again = sortSignal(drawn.signals[0])
      total += curveMetrics(drawn, exactCurve(drawn, again, costs), again).apgr ?? 0
    }
    return total
  })
  const plainAll = (plain.ms * RESAMPLES) / PLAIN_RESAMPLES
  return [
    rows.toLocaleString('en-US'),
    inMs(ours.ms),
    inMs(floor.ms),
    ratio(ours.ms / floor.ms),
    inMs(plainAll),
    ratio(ours.ms / plainAll),
  ]
}

const table = [['rows', 'intervals ms', '(b) floor ms', 'intervals/floor', '(a) plain ms', 'intervals/plain']]
for (const size of SIZES) table.push(measure(size))
process.stdout.write(`${RESAMPLES} resamples of one curve\n${alignColumns(table).join('\n')}\n`)
