import type { Finding } from '../core/outcomes/findings.ts'
import type { Costs } from '../core/outcomes/costs.ts'
import type { Inputs } from './json.ts'
import { count, number, wrap, type View } from './text-table.ts'

/** What a result is about. */
interface Subject {
  rows: number
  groups: { count: number; from: 'group' | 'id' | 'row'; effective?: number }
  costs: Costs
}

/** The files, their size, and what calls cost. */
export function heading(
  { rows, groups, costs }: Subject,
  { files, datasets }: Inputs,
  { colors, width }: View,
): string {
  const sources = { group: 'by group', id: 'by repeated id', row: 'every row its own' }
  const amount = (value: number | Float64Array) => (typeof value === 'number' ? number(value) : 'per row')
  const verify = `verify ${amount(costs.verify)} (${costs.verifyCost === 'always' ? 'on every query' : 'where it is used'})`
  const cost = costs.counted
    ? 'Cost counts calls of the large model: give --cost small=…,large=… for money.'
    : `Cost per call: small ${amount(costs.small)}, ${costs.verify === 0 ? '' : `${verify}, `}large ${amount(costs.large)}.`
  const list = `${datasets.slice(0, 4).join(', ')}${datasets.length > 4 ? ', …' : ''}`
  const sets = `, ${datasets.length === 1 ? 'data set' : `${datasets.length} data sets:`} ${list}`
  const size = `${count(rows)} ${rows === 1 ? 'row' : 'rows'}, ${count(groups.count)} ${groups.count === 1 ? 'group' : 'groups'}`
  const effective = groups.effective !== undefined ? `, worth ${count(Math.round(groups.effective))} of equal size` : ''
  return `${colors.bold(files.join(' + '))}: ${size} (${sources[groups.from]}${effective})${sets}\n${wrap(cost, width)}`
}

/** Findings one a line, errors and warnings first. */
export function findingsText(findings: readonly Finding[], { colors, width }: View): string {
  const paint = { error: colors.red, warning: colors.yellow, note: colors.dim }
  const order = ['error', 'warning', 'note'] as const
  return order
    .flatMap((level) => findings.filter((finding) => finding.level === level))
    .map(({ level, message }) => wrap(`${level}: ${message}`, width).replace(level, paint[level](level)))
    .join('\n')
}
