import { STABLE_ROWS } from '../../../core/sweep/operating-point.ts'
import type { About, RangeColumns, SignalFigure } from '../../figures/figure-data.ts'
import { stopPoint } from '../../figures/stops.ts'
import {
  asChange,
  asCost,
  asCount,
  asRatio,
  asScore,
  asShare,
  besideRatio,
  interval,
  shown,
  type Format,
} from './format.ts'

/** One figure of the chosen point. */
export interface Reading {
  id: string
  label: string
  value: string
  range?: string
  note?: string
  /** It is a ratio over the escalated rows, of which there are too few. */
  shaky?: boolean
}

/** Figures against one baseline, which is named. */
export interface ReadingGroup {
  title?: string
  readings: Reading[]
}

/** What the chosen point gives, each figure with its interval; the two baselines stay apart. */
export function readingsAt(figure: SignalFigure, stop: number, { costs }: Pick<About, 'costs'>): ReadingGroup[] {
  const { base, stops } = figure
  const point = stopPoint(figure, stop)
  const { unstable } = point
  const alone = base.costLarge / base.rows
  const verifies = base.costVerify > 0
  const range = (columns: RangeColumns, format: Format) => interval(columns.low[stop], columns.high[stop], format)
  // Of n rows, those not kept: the interval of the kept share, from the other end.
  const { low, high } = stops.keptShare
  const escalatedEnd = (share: number | null) => (share === null ? null : base.rows * (1 - share))
  const ratio = (
    id: string,
    label: string,
    value: number | undefined,
    format: Format,
    columns?: RangeColumns,
    ends: Format = format,
  ) => ({
    id,
    label,
    value: shown(value, format),
    range: value === undefined || columns === undefined ? undefined : range(columns, ends),
    shaky: unstable && value !== undefined,
  })
  return [
    {
      readings: [
        { id: 'kept_share', label: 'kept', value: asShare(point.keptShare), range: range(stops.keptShare, asShare) },
        {
          id: 'escalated',
          label: 'escalated',
          value: asCount(point.escalated),
          range: interval(escalatedEnd(high[stop]), escalatedEnd(low[stop]), asCount),
          note: `of ${asCount(base.rows)}`,
        },
        { id: 'quality', label: 'quality', value: asScore(point.quality), range: range(stops.quality, asScore) },
        {
          id: 'cost',
          label: 'cost per query',
          value: asCost(point.cost),
          range: range(stops.cost, besideRatio(point.cost)),
          note: costs.unit === 'as given' ? undefined : costs.unit,
        },
        {
          id: 'saving',
          label: 'saved',
          value: alone === 0 ? '–' : asShare(1 - point.cost / alone),
          range: range(stops.saving, asShare),
          note: `of ${asCost(alone)}, the cost of the large model alone`,
        },
      ],
    },
    {
      title: 'Against this cascade’s own ends',
      readings: [
        ratio('ibc_cascade', 'ibc', point.cascade.ibc, asRatio, stops.ibc, besideRatio(point.cascade.ibc ?? 1)),
        ratio('delta_ibc_cascade', 'Δibc', point.cascade.deltaIbc, asChange, stops.deltaIbc),
      ],
    },
    {
      title: 'Against calling one model only',
      readings: [
        // Without verification the two baselines have the same extra cost, and with it the same interval.
        ratio(
          'ibc_standalone',
          'ibc',
          point.standalone.ibc,
          asRatio,
          verifies ? undefined : stops.ibc,
          besideRatio(point.standalone.ibc ?? 1),
        ),
        ratio('delta_ibc_standalone', 'Δibc', point.standalone.deltaIbc, asChange, stops.deltaIbcStandalone),
      ],
    },
  ]
}

/** Why the marked figures are marked; none are: nothing. */
export function shakyNote(figure: SignalFigure, stop: number): string | undefined {
  const { escalated, unstable, cascade } = stopPoint(figure, stop)
  if (!unstable || cascade.ibc === undefined) return undefined
  return `~ rests on ${asCount(escalated)} escalated ${escalated === 1 ? 'row' : 'rows'}; below ${STABLE_ROWS} it is mostly chance`
}

/** The chosen point in one sentence, for those who hear the page. */
export function spokenPoint(figure: SignalFigure, stop: number, about: Pick<About, 'costs'>): string {
  const groups = readingsAt(figure, stop, about)
  const said = ({ label, value, range, note }: Reading) =>
    `${label} ${value}${range === undefined ? '' : ` ${range}`}${note === undefined ? '' : ` ${note}`}`
  const parts = groups.map(
    ({ title, readings }) => `${title === undefined ? '' : `${title}: `}${readings.map(said).join(', ')}`,
  )
  return [...parts, shakyNote(figure, stop) ?? ''].filter((part) => part !== '').join('. ')
}
