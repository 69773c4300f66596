import type { Finding } from '../../../core/outcomes/findings.ts'
import type { FigureData } from '../../figures/figure-data.ts'
import { element } from '../dom/element.ts'
import { aboutTerms } from '../model/about-words.ts'
import { section, paragraph } from './section.ts'

/** What the data are, and what is odd about them. */
export const dataSection = (data: FigureData): HTMLElement =>
  section(
    'data',
    'The data',
    element(
      'dl',
      { class: 'terms' },
      ...aboutTerms(data).map(([term, text]) =>
        element('div', {}, element('dt', {}, term), element('dd', { class: 'number' }, text)),
      ),
    ),
    findingsList(data.findings),
  )

const order = ['error', 'warning', 'note'] as const

function findingsList(findings: readonly Finding[]): HTMLElement {
  if (findings.length === 0) return paragraph('Nothing odd was found in the data.', 'soft')
  const sorted = order.flatMap((level) => findings.filter((finding) => finding.level === level))
  return element(
    'ul',
    { class: 'findings', 'aria-label': 'What is odd about the data' },
    ...sorted.map(({ level, message }) => element('li', { class: level }, element('b', {}, `${level}: `), message)),
  )
}
