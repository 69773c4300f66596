import type { PageData } from '../../html/page-data.ts'
import { copyButton } from '../dom/copy.ts'
import { element } from '../dom/element.ts'
import { tableElement } from '../dom/table.ts'
import { fateOf, inOrder, policyTable, ruleOf } from '../model/policy-table.ts'
import { policyText } from '../model/take-away.ts'
import { paragraph, section } from './section.ts'

/** Tuned or compared policies on rows held out, with what became of their promise; none: no section. */
export function policiesSection({ figures, sources }: PageData): HTMLElement | undefined {
  const { verdict } = figures
  const policies = inOrder(figures.policies)
  if (policies.length === 0) return undefined
  const said = element('p', { class: 'said', role: 'status' })
  const say = (words: string) => void (said.textContent = words)
  const table = tableElement(policyTable(policies), {
    caption: 'Policies on held-out rows',
    stacked: true,
    mark: policies.findIndex(({ chosen }) => chosen),
  })
  table.classList.add('policies')
  const anyPromise = policies.some(({ promise }) => promise !== undefined)
  policies.forEach((each, i) => {
    const { policy } = each
    const fate = fateOf(each, anyPromise)
    table.tBodies[0].rows[i].cells[0].append(
      element('span', { class: 'rule-of' }, ruleOf(each)),
      ...(fate === undefined ? [] : [element('span', { class: `fate ${fate.kind}` }, fate.text)]),
      ...(policy === undefined ? [] : [copyButton('Copy policy.json', () => policyText(policy, sources), say)]),
    )
  })
  return section(
    'policies',
    verdict === undefined ? 'Compared policies' : 'Tuned policies',
    verdict === undefined ? undefined : paragraph(verdict, 'verdict'),
    paragraph('Every figure is held out: of rows that had no part in choosing the policy.', 'soft'),
    table,
    said,
  )
}
