import { STABLE_ROWS } from '../../../core/sweep/operating-point.ts'
import type { SignalFigure } from '../../figures/figure-data.ts'
import { stopPoint } from '../../figures/stops.ts'
import { asShare } from './format.ts'

/** What the interval of ΔIBC says of a stop. */
type Verdict = 'better' | 'worse' | 'open' | 'none'

/** Kept shares between which the interval says the same, from the most kept on. */
interface Stretch {
  verdict: Verdict
  from: number
  to: number
}

function verdictAt(figure: SignalFigure, stop: number): Verdict {
  const [low, high] = [figure.stops.deltaIbc.low[stop], figure.stops.deltaIbc.high[stop]]
  if (low === null || high === null || stopPoint(figure, stop).cascade.deltaIbc === undefined) return 'none'
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'open'
}

/** Stretches of stops with one verdict, without the two ends, which escalate nothing or everything. */
function stretches(figure: SignalFigure): Stretch[] {
  const { kept } = figure.stops
  const found: Stretch[] = []
  for (let stop = 1; stop < kept.length - 1; stop++) {
    const share = kept[stop] / figure.base.rows
    const verdict = verdictAt(figure, stop)
    const last = found.at(-1)
    if (last?.verdict === verdict) last.to = share
    else found.push({ verdict, from: share, to: share })
  }
  return found
}

/** Where some stretches lie; of many the widest, and how many others there are. */
function said(list: readonly Stretch[]): string {
  const text = ({ from, to }: Stretch) =>
    from === to ? `at ${asShare(from)}` : `from ${asShare(to)} to ${asShare(from)}`
  if (list.length <= 3) return `${list.map(text).join(', ')} kept`
  const widest = list.reduce((a, b) => (b.from - b.to > a.from - a.to ? b : a))
  return `${text(widest)} kept, and in ${list.length - 1} shorter stretches`
}

/** In which part of the curve ΔIBC says something, and where it says nothing. */
export function ibcWords(figure: SignalFigure): string[] {
  const { base, signal, distinct } = figure
  if (distinct === 0) return [`No row has a value of ${signal}: there is no threshold to choose.`]
  if (base.gap <= 0)
    return [
      'The large model is no better than the small one on these rows, so that there is nothing to compare with: Δibc has no value.',
    ]
  const found = stretches(figure)
  const of = (verdict: Verdict) => found.filter((each) => each.verdict === verdict)
  const [better, worse, open, none] = [of('better'), of('worse'), of('open'), of('none')]
  const words = [
    better.length > 0
      ? `The interval lies above 0 ${said(better)}: there escalating by ${signal} buys more quality for its cost than escalating everything does.`
      : `Nowhere does the interval lie above 0: these rows do not show that escalating by ${signal} buys more quality for its cost than escalating everything does.`,
  ]
  if (worse.length > 0) words.push(`It lies below 0 ${said(worse)}: there it buys less.`)
  if (open.length > 0) words.push(`It contains 0 ${said(open)}: there Δibc says nothing either way.`)
  if (none.length > 0)
    words.push(`There is no interval ${said(none)}: for want of groups, or because many resamples have no Δibc at all.`)
  const shaky = shakyFrom(figure)
  if (shaky !== undefined)
    words.push(
      `Where more than ${asShare(shaky)} are kept, fewer than ${STABLE_ROWS} rows escalate: whatever is drawn there is mostly chance.`,
    )
  return words
}

/** Above which kept share fewer than the stable number of rows escalate. */
function shakyFrom({ base }: SignalFigure): number | undefined {
  const share = 1 - STABLE_ROWS / base.rows
  return share > 0 ? share : undefined
}
