import { shownRange, type Estimate, type Range } from '../core/stats/interval.ts'
import { areaNames, type CurveIntervals } from '../core/intervals/curve-intervals.ts'
import type { PairedDifference } from '../core/intervals/paired.ts'
import { quantityNames, type RoutedIntervals } from '../core/intervals/policy-intervals.ts'
import type { CompareResult } from '../core/tune/compare.ts'
import type { ComparedCascade } from '../core/tune/compare-models.ts'
import { answer, deltaIbcText, estimateText, points, pointsText, shortNumber } from './estimates.ts'
import type { Cell } from './rows.ts'
import { snake } from './snake.ts'
import { percent, score } from './text-table.ts'

/** What the areas of a curve are called in tables. */
export const areaHeads = {
  cascadeRoutingAuc: 'quality at equal cost',
  apgr: 'APGR',
  routeLlmApgr: 'APGR-11',
  aiq: 'AIQ',
} as const

const cells = (name: string, estimate: Estimate | undefined): Record<string, Cell> => {
  const range = estimate && shownRange(estimate)
  return {
    [name]: estimate?.value ?? null,
    [`${name}_low`]: range?.low ?? null,
    [`${name}_high`]: range?.high ?? null,
  }
}

/** What one line of the CSV is about; what is left out has no value there. */
interface Line {
  kind: string
  name: string
  areas?: CurveIntervals['areas']
  estimates?: RoutedIntervals['estimates']
  against?: PairedDifference
}

/** Every line has the same fields, whatever it is about. */
const record = ({ kind, name, areas, estimates, against }: Line): Record<string, Cell> => ({
  kind,
  name,
  ...Object.assign({}, ...areaNames.map((area) => cells(snake(area), areas?.[area]))),
  ...Object.assign({}, ...quantityNames.map((quantity) => cells(snake(quantity), estimates?.[quantity]))),
  ...cells('difference', against),
  verdict: against?.verdict ?? null,
})

/** One record a signal, a policy, a reference and a cascade, with every figure and its interval: a paper's table as CSV. */
export function* compareRecords(result: CompareResult): Generator<Record<string, Cell>> {
  for (const { intervals, against } of result.signals)
    yield record({ kind: 'curve', name: intervals.signal, areas: intervals.areas, against: against?.[result.rankedBy] })
  for (const { family, crossFitted, against } of result.policies)
    yield record({ kind: family.kind, name: family.name, estimates: crossFitted.estimates, against })
  for (const { name, intervals } of result.references)
    yield record({ kind: 'reference', name, estimates: intervals.estimates })
  for (const { price, pair, chain, chainAgainstPair } of result.models ?? []) {
    const named = ({ models }: ComparedCascade) => `${models.join(' → ')} at ${price}`
    yield record({ kind: 'pair', name: named(pair), estimates: pair.heldOut.estimates })
    yield record({ kind: 'chain', name: named(chain), estimates: chain.heldOut.estimates, against: chainAgainstPair })
  }
}

/** A table as a person reads it, on the terminal or in a paper. */
export interface ShownTable {
  title: string
  heads: string[]
  /** Of each column its turn to go where the terminal is too narrow; 0: it stays. */
  leaveOut: number[]
  rows: string[][]
  note: string
}

/** The curves, the best first. */
export function signalTable({ signals, policies, rankedBy }: CompareResult): ShownTable {
  const learned = policies.filter(({ scores }) => scores !== undefined).map(({ family }) => family.name)
  const best = signals[0].intervals.signal
  const areas = areaNames.toSorted((a, b) => Number(b === rankedBy) - Number(a === rankedBy))
  return {
    title: 'Signals, over their whole curves',
    heads: ['signal', ...areas.map((area) => areaHeads[area]), `${areaHeads[rankedBy]}, less ${best}`],
    leaveOut: [0, 0, 1, 3, 2, 0],
    rows: signals.map(({ intervals, against }) => [
      intervals.signal,
      ...areas.map((area) => estimateText(intervals.areas[area])),
      against === undefined ? '' : estimateText(against[rankedBy], signedScore),
    ]),
    note: `Quality at equal cost: mean quality over all budgets from the cost of the small model to that of the large one.${learned.length > 0 ? ` ${learned.join(', ')}: the gain predicted by models of the other folds.` : ''}`,
  }
}

const signedScore = (value: number): string => `${value > 0 ? '+' : ''}${score(value)}`.replace('-', '−')

/** The policies, each chosen without the rows it is measured on, the best first; then the references. */
export function policyTable(result: CompareResult): ShownTable {
  const { policies, reference, references, folds, repeats, rate } = result
  const cells = ({ estimates, ...routing }: RoutedIntervals) => [
    estimateText(estimates.quality),
    estimateText(estimates.cost, shortNumber),
    percent(estimates.keptShare.value ?? NaN),
    deltaIbcText({ estimates, ...routing }),
    estimateText(estimates.lift, (value) => points(value)),
  ]
  const difference =
    reference === undefined
      ? ''
      : `Less ${reference.family.name}, the best single threshold: the difference in quality − λ × cost with λ = ${shortNumber(rate)}, in points.`
  const times = repeats > 1 ? `, ${repeats} times` : ''
  return {
    title: 'Policies, each chosen on the other folds',
    heads: [
      'policy',
      'in sample',
      'quality',
      'cost',
      'kept',
      'Δibc %',
      'lift',
      `less ${reference?.family.name ?? '–'}`,
    ],
    leaveOut: [0, 4, 0, 1, 2, 5, 3, 0],
    rows: [
      ...policies.map(({ family, inSample, crossFitted, against }) => [
        family.name,
        inSample === undefined ? '–' : score(inSample.quality),
        ...cells(crossFitted),
        against === undefined ? '' : pointsText(against).replace(' points', ''),
      ]),
      ...references.map(({ name, intervals }) => [`(${name})`, '', ...cells(intervals), '']),
    ],
    note: `In sample: quality where the policy was chosen; all else on held-out rows (${folds} folds by group${times}). Δibc: quality per extra cost, above that of always escalating. Lift: quality above random routing at the same cost, in points (hundredths). ${difference}`,
  }
}

/** More than two models: the best pair and the best longer chain at each price. */
export function modelTable({ models }: CompareResult): ShownTable | undefined {
  if (models === undefined) return undefined
  const cells = ({ models: names, heldOut: { estimates } }: ComparedCascade) => [
    names.join(' → '),
    estimateText(estimates.quality),
    estimateText(estimates.cost, shortNumber),
  ]
  return {
    title: 'Models: the best pair (or single model) and the best longer chain, at prices of a unit of cost',
    heads: ['price λ', 'pair', 'quality', 'cost', 'chain', 'quality', 'cost', 'chain less pair'],
    leaveOut: [0, 0, 1, 3, 0, 2, 4, 0],
    rows: models.map(({ price, pair, chain, chainAgainstPair }) => [
      shortNumber(price),
      ...cells(pair),
      ...cells(chain),
      pointsText(chainAgainstPair).replace(' points', ''),
    ]),
    note: 'Models as chosen on all rows; qualities and costs on held-out rows, where each fold has its own choice. Chain less pair: the difference in quality − λ × cost, in points.',
  }
}

/** Questions that a reader has, answered in words. */
export function* statements({ signals, policies, reference, rankedBy, models = [] }: CompareResult): Generator<string> {
  const best = signals[0].intervals.signal
  const how = rankedBy === 'cascadeRoutingAuc' ? 'at equal cost' : `by ${areaHeads[rankedBy]}`
  for (const { intervals, against } of signals.slice(1)) {
    const difference = against![rankedBy]!
    const turned = turn(difference)
    yield `Is ${best} better than ${intervals.signal} ${how}? ${capital(answer(turned))}: ${pointsText(turned)}.`
  }
  for (const { price, chainAgainstPair } of models)
    yield `Is a longer chain better than the best pair at a price of ${shortNumber(price)}? ${capital(answer(chainAgainstPair))}: ${pointsText(chainAgainstPair)}.`
  if (reference === undefined) return
  for (const { family, against } of policies) {
    if (against === undefined || family.kind === 'threshold') continue
    yield `Is ${family.name} better than the best single threshold (${reference.family.name})? ${capital(answer(against))}: ${pointsText(against)}.`
  }
}

const opposite = { first: 'second', second: 'first', 'not-established': 'not-established' } as const

/** The same difference the other way round. */
function turn(difference: PairedDifference): PairedDifference {
  const minus = (range: Range | undefined) => range && { low: -range.high, high: -range.low }
  return {
    ...difference,
    value: difference.value === undefined ? undefined : -difference.value,
    bca: minus(difference.bca),
    percentile: minus(difference.percentile),
    verdict: opposite[difference.verdict],
  }
}

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1)
