import { ROUNDING } from '../signals/scale.ts'
import { difference, mean } from '../stats/sum.ts'
import type { OutcomesBuilder } from './builder.ts'
import type { SourceRows } from './source-rows.ts'
import { plural, type Finding } from './findings.ts'
import type { Outcomes, SignalColumn } from './outcomes.ts'

/** With fewer rows than this, no share or mean says much. */
const FEW_ROWS = 30
/** Up to so many distinct values leave too few thresholds to choose among. */
const FEW_VALUES = 10

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

/** What makes the outcomes misleading although every single value is possible. */
export function lint(outcomes: Outcomes, builder: OutcomesBuilder, sources: readonly SourceRows[]): Finding[] {
  return [
    ...deciding(outcomes).flatMap((side) => [
      ...side.signals.flatMap((column) => fewValues(column, side.of, outcomes.rows)),
      ...bitsDisagree(side, outcomes),
    ]),
    ...otherText(builder),
    ...factFindings({
      rows: outcomes.rows,
      groups: outcomes.groups,
      small: mean(outcomes.small.quality),
      large: mean(outcomes.large.quality),
      group: builder.options.group,
    }),
    ...unusedColumns(sources, outcomes.models?.[0].name),
  ]
}

/** Signals that can decide, and whose they are: those of every model but the last, which has nowhere to escalate to. */
interface Side {
  /** ` of llama-1b` where models have names. */
  of: string
  signals: SignalColumn[]
}

const deciding = ({ models, signals }: Outcomes): Side[] =>
  models?.slice(0, -1).map((model) => ({ of: ` of ${model.name}`, signals: model.signals })) ?? [{ of: '', signals }]

function fewValues({ name, values }: SignalColumn, of: string, rows: number): Finding[] {
  const distinct = new Set<number>()
  for (let row = 0; row < values.length && distinct.size <= FEW_VALUES; row++)
    if (Number.isFinite(values[row])) distinct.add(values[row])
  return fewValuesFound(name, of, distinct.size, rows)
}

/** Says so where a signal has next to no values; `of` names its model. */
export function fewValuesFound(name: string, of: string, distinct: number, rows: number): Finding[] {
  if (distinct === 0 || distinct > FEW_VALUES) return []
  if (distinct === 1)
    return [
      {
        level: 'warning',
        code: 'constant-signal',
        column: name,
        message: `${name}${of} has the same value everywhere: no threshold can divide the rows`,
      },
    ]
  if (rows < FEW_ROWS) return []
  return [
    {
      level: 'warning',
      code: 'few-values',
      column: name,
      message: `${name}${of} has only ${distinct} distinct values: as few thresholds to choose from`,
    },
  ]
}

function bitsDisagree({ signals, of }: Side, outcomes: Outcomes): Finding[] {
  const [nats, bits] = ['mean_entropy', 'mean_entropy_bits'].map((name) => signals.find((each) => each.name === name))
  if (nats === undefined || bits === undefined) return []
  let [count, first] = [0, 0]
  for (let row = outcomes.rows - 1; row >= 0; row--) {
    const difference = Math.abs(bits.values[row] * Math.LN2 - nats.values[row])
    if (!(difference > 1e-3 * Math.abs(nats.values[row]) + ROUNDING)) continue
    count++
    first = row
  }
  if (count === 0) return []
  const message = `mean_entropy_bits${of} is not mean_entropy / ln 2 in ${plural(count, 'row')}, first ${outcomes.place(first)}: one of the two columns is in another unit or of another answer`
  return [{ level: 'warning', code: 'bits-disagree', rows: count, message }]
}

function otherText({ compared }: OutcomesBuilder): Finding[] {
  if (compared.different === 0) return []
  const share = percent(compared.different / compared.rows)
  const message = `the signals were measured on another text than the scored answer in ${share} of rows (${compared.different} of ${compared.rows}): they describe a generation that was not scored`
  return [{ level: 'warning', code: 'other-text', rows: compared.different, message }]
}

/** What counts and means say by themselves, wherever the rows are; `small` and `large` are mean qualities. */
export interface Facts {
  rows: number
  groups: Pick<Outcomes['groups'], 'count' | 'from'>
  small?: number
  large?: number
  /** The column that the user names as the group. */
  group?: string
}

/** Rows that are not independent, a small model that is the better one, and too few rows. */
export const factFindings = (facts: Facts): Finding[] => [
  ...repeatedIds(facts),
  ...smallAboveLarge(facts),
  ...fewRows(facts),
]

function repeatedIds({ rows, groups, group }: Facts): Finding[] {
  if (groups.from !== 'id' || group !== undefined) return []
  const message = `${plural(rows, 'row')} share ${plural(groups.count, 'id')}, so they are not independent; rows of one id are taken as one group (say so with --group id)`
  return [{ level: 'warning', code: 'repeated-ids', column: 'id', rows: rows - groups.count, message }]
}

function smallAboveLarge({ small: s, large: l }: Facts): Finding[] {
  if (s === undefined || l === undefined || !(difference(s, l) >= 0)) return []
  const relation = difference(s, l) === 0 ? 'as good as' : 'better than'
  const message = `the small model is ${relation} the large one on average (${s.toFixed(4)} against ${l.toFixed(4)}): delta_ibc and the share of the gap recovered mean nothing here`
  return [{ level: 'warning', code: 'small-above-large', message }]
}

function fewRows({ rows, groups }: Facts): Finding[] {
  if (groups.count >= FEW_ROWS) return []
  const counted =
    groups.from === 'row' ? plural(rows, 'row') : `${plural(groups.count, 'group')} (${plural(rows, 'row')})`
  return [{ level: 'warning', code: 'few-rows', rows, message: `only ${counted}: every figure rests on chance` }]
}

const unusedColumns = (sources: readonly SourceRows[], model: string | undefined): Finding[] =>
  unusedColumnsNote(
    sources.flatMap(({ unused }) => unused),
    model,
  )

/** Names numeric columns that nothing uses. */
export function unusedColumnsNote(columns: readonly string[], model?: string): Finding[] {
  if (columns.length === 0) return []
  const list = columns.slice(0, 8).join(', ') + (columns.length > 8 ? ', …' : '')
  const flag =
    model === undefined
      ? `--signal ${columns[0]}:higher or :lower`
      : `--map models.${model}.signals.NAME=${columns[0]} --signal NAME:higher or :lower`
  return [
    {
      level: 'note',
      code: 'unused-columns',
      message: `numeric columns not used: ${list} (as a signal: ${flag})`,
    },
  ]
}
