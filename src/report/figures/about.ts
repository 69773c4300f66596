import type { Amount, Costs } from '../../core/outcomes/costs.ts'
import type { Outcomes } from '../../core/outcomes/outcomes.ts'
import { effectiveGroups } from '../../core/tune/splits.ts'
import type { Inputs } from '../json.ts'
import type { About } from './figure-data.ts'

/** What the data are, and what was asked of them; without a title, the names of the data sets. */
export function aboutOf(
  { rows, groups, names, datasets }: Outcomes,
  inputs: Inputs,
  costs: Costs,
  {
    title = datasets.join(', '),
    ...asked
  }: Pick<About, 'confidence' | 'resamples' | 'seed' | 'wrongBelow'> & { title?: string },
): About {
  return {
    title,
    ...inputs,
    rows,
    groups: { count: groups.count, from: groups.from, effective: effectiveGroups(groups) },
    models: { ...names },
    costs: {
      small: costOf(costs.small),
      verify: costOf(costs.verify),
      large: costOf(costs.large),
      unit: costs.counted ? 'large calls' : 'as given',
    },
    ...asked,
  }
}

/** A column that says the same of every row is one cost. */
function costOf(amount: Amount): number | 'per row' {
  if (typeof amount === 'number') return amount
  return amount.every((cost) => cost === amount[0]) ? amount[0] : 'per row'
}
