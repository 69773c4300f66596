import type { About, FigureData } from '../../figures/figure-data.ts'
import { asCost, asRatio, asConfidence, asCount, asScore, many } from './format.ts'

/** What the data are: a term and what is said of it. */
export function aboutTerms({ about, base }: Pick<FigureData, 'about' | 'base'>): [term: string, text: string][] {
  const { files, datasets, models, costs, confidence, resamples, seed, wrongBelow } = about
  const sets = datasets.filter((name) => name !== '')
  const terms: [string, string | undefined][] = [
    [files.length > 1 ? 'Files' : 'File', files.map(nameOf).join(' + ')],
    [sets.length > 1 ? 'Data sets' : 'Data set', listed(sets)],
    ['Queries', queries(about)],
    [
      'Small model',
      modelText(models.small, base.qualitySmall / base.rows, costText(costs.small, base.costSmall / base.rows), about),
    ],
    [
      'Large model',
      modelText(models.large, base.qualityLarge / base.rows, costText(costs.large, base.costLarge / base.rows), about),
    ],
    ['Verification', costs.verify === 0 ? undefined : verification(costs.verify, base.costVerifyAtEnds > 0)],
    [
      'Intervals',
      `${asConfidence(confidence)}, from ${asCount(resamples)} resamples of whole groups with seed ${seed}`,
    ],
    ['Wrong', `a small answer with a quality below ${asCost(wrongBelow)}`],
  ]
  return terms.filter((term): term is [string, string] => term[1] !== undefined && term[1] !== '')
}

function queries({ rows, groups }: About): string {
  const from = { group: 'by group', id: 'by repeated id', row: 'each a group of its own' }[groups.from]
  if (groups.from === 'row') return `${asCount(rows)}, ${from}`
  const effective = Math.round(groups.effective)
  const worth = effective === groups.count ? '' : `, worth ${asCount(effective)} of equal size`
  return `${asCount(rows)} in ${many(groups.count, 'group')} ${from}${worth}`
}

/** What a call costs; where that differs by row, what it costs on average. */
const costText = (cost: number | 'per row', mean: number): string =>
  cost === 'per row' ? `${asRatio(mean)} on average` : asCost(cost)

const verification = (cost: number | 'per row', always: boolean): string =>
  `cost ${cost === 'per row' ? 'by row' : asCost(cost)}, paid ${always ? 'on every query' : 'by policies that read it'}`

function modelText(name: string | undefined, quality: number, cost: string, { costs }: About): string {
  const counted = costs.unit === 'as given' ? '' : ` (in ${costs.unit})`
  return `${name === undefined ? '' : `${name}: `}mean quality ${asScore(quality)}, cost ${cost}${counted}`
}

/** A file without the folders that it lies in. */
const nameOf = (path: string): string => path.replace(/^.*[\\/]/, '')

/** The first few names, and how many more there are. */
function listed(names: readonly string[]): string {
  const more = names.length - 6
  return names.slice(0, 6).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** The data in a sentence or two. */
export function leadText({ about, base }: Pick<FigureData, 'about' | 'base'>): string {
  const { rows, models, costs } = about
  const [small, large] = [models.small ?? 'a small model', models.large ?? 'a large model']
  const price = (cost: number | 'per row', sum: number) => ` at cost ${costText(cost, sum / base.rows)}`
  const quality = (sum: number) => asScore(sum / base.rows)
  return `${asCount(rows)} ${rows === 1 ? 'query' : 'queries'} answered by ${small} (mean quality ${quality(base.qualitySmall)}${price(costs.small, base.costSmall)}) and by ${large} (${quality(base.qualityLarge)}${price(costs.large, base.costLarge)}). A signal measured on the small model’s answer decides whether it is kept or the query escalates.`
}
