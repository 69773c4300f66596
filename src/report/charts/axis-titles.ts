import type { FigureData } from '../figures/figure-data.ts'
import { plain } from './format.ts'

/** What a mean cost is measured in; where it is just a number, what calls of the two models cost. */
export function costTitle({ about: { costs } }: FigureData): string {
  const { small, large, unit } = costs
  const known =
    typeof small === 'number' && typeof large === 'number' ? `small ${plain(small)}, large ${plain(large)}` : ''
  const words = unit === 'as given' ? known : unit
  return `Mean cost per query${words === '' ? '' : ` (${words})`}`
}

export const qualityTitle = 'Mean quality'
