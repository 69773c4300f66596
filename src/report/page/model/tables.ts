import { STABLE_ROWS } from '../../../core/sweep/operating-point.ts'
import type { Decile, RangeColumns, SignalFigure } from '../../figures/figure-data.ts'
import { stopPoint } from '../../figures/stops.ts'
import {
  asChange,
  asCount,
  asScore,
  asShare,
  besideRatio,
  ranged,
  shortThreshold,
  type Format,
  type Ranged,
} from './format.ts'

/** A table as texts: the first column names its row. */
export interface Table {
  heads: string[]
  rows: (string | Ranged)[][]
}

/** A figure of a stop with its interval. */
const cell = (value: number | undefined, { low, high }: RangeColumns, stop: number, format: Format): Ranged =>
  ranged(value, low[stop], high[stop], format)

const stopName = ({ stops }: SignalFigure, stop: number): string => {
  const threshold = stops.threshold[stop]
  return threshold !== null ? shortThreshold(threshold) : stop === 0 ? 'keep all' : 'escalate all'
}

const allStops = ({ stops }: SignalFigure): number[] => stops.kept.map((_, stop) => stop)

/** The curve of the chosen signal. */
export const costQualityTable = (figure: SignalFigure): Table => ({
  heads: [figure.signal, 'kept', 'cost per query', 'quality'],
  rows: allStops(figure).map((stop) => {
    const point = stopPoint(figure, stop)
    return [
      stopName(figure, stop),
      asShare(point.keptShare),
      cell(point.cost, figure.stops.cost, stop, besideRatio(point.cost)),
      cell(point.quality, figure.stops.quality, stop, asScore),
    ]
  }),
})

/** What every threshold gives. */
export const thresholdTable = (figure: SignalFigure): Table => ({
  heads: [figure.signal, 'kept', 'quality', 'cost per query', 'saved'],
  rows: allStops(figure).map((stop) => {
    const point = stopPoint(figure, stop)
    const alone = figure.base.costLarge / figure.base.rows
    return [
      stopName(figure, stop),
      cell(point.keptShare, figure.stops.keptShare, stop, asShare),
      cell(point.quality, figure.stops.quality, stop, asScore),
      cell(point.cost, figure.stops.cost, stop, besideRatio(point.cost)),
      cell(alone === 0 ? undefined : 1 - point.cost / alone, figure.stops.saving, stop, asShare),
    ]
  }),
})

/** What escalating is worth at every threshold, under both baselines by name. */
export const ibcTable = (figure: SignalFigure): Table => ({
  heads: ['kept', 'escalated', 'Δibc, cascade’s ends', 'Δibc, one model only'],
  rows: allStops(figure).map((stop) => {
    const point = stopPoint(figure, stop)
    const mark = point.escalated < STABLE_ROWS ? '~' : ''
    const change = (value: number | undefined, columns: RangeColumns) =>
      cell(value, columns, stop, (each) => `${each === value ? mark : ''}${asChange(each)}`)
    return [
      asShare(point.keptShare),
      asCount(point.escalated),
      change(point.cascade.deltaIbc, figure.stops.deltaIbc),
      change(point.standalone.deltaIbc, figure.stops.deltaIbcStandalone),
    ]
  }),
})

/** Right and wrong small answers by the signal's value. */
export const histogramTable = ({ signal, histogram: { edges, right, wrong } }: SignalFigure): Table => ({
  heads: [signal, 'right', 'wrong'],
  rows: right.map((count, bin) => [
    `${shortThreshold(edges[bin])} to ${shortThreshold(edges[bin + 1])}`,
    asCount(count),
    asCount(wrong[bin]),
  ]),
})

const decileName = ({ from, to }: { from: number; to: number }): string =>
  from === to ? shortThreshold(from) : `${shortThreshold(from)} to ${shortThreshold(to)}`

const inDecile = ({ value, low, high }: Decile['right'], format: Format): Ranged => ranged(value, low, high, format)

/** How often small answers are right, from the least to the most certain. */
export const calibrationTable = ({ signal, deciles }: SignalFigure): Table => ({
  heads: [signal, 'rows', 'right small answers'],
  rows: deciles.map((decile) => [decileName(decile), asCount(decile.rows), inDecile(decile.right, asShare)]),
})

/** What escalating gains on average, from the least to the most certain. */
export const benefitTable = ({ signal, deciles }: SignalFigure): Table => ({
  heads: [signal, 'rows', 'gain in quality'],
  rows: deciles.map((decile) => [decileName(decile), asCount(decile.rows), inDecile(decile.gain, asScore)]),
})
