import type { Finding } from '../core/outcomes/findings.ts'
import type { CompareResult } from '../core/tune/compare.ts'
import { modelTable, policyTable, signalTable, statements, type ShownTable } from './compare-rows.ts'
import { findingsText, heading } from './heading.ts'
import type { Inputs } from './json.ts'
import { targetWords } from './target-words.ts'
import { count, percent, hiddenColumns, renderTable, wrap, type View } from './text-table.ts'

/** A comparison as a person reads it. */
export function compareText(result: CompareResult, findings: readonly Finding[], inputs: Inputs, view: View): string {
  const sections = [
    heading(result, inputs, view),
    findingsText(findings, view),
    wrap(basis(result), view.width),
    tableText(signalTable(result), view),
    tableText(policyTable(result), view),
    tableText(modelTable(result), view),
    [...statements(result)].map((line) => wrap(line, view.width)).join('\n'),
  ].filter((section) => section !== '')
  return `${sections.join('\n\n')}\n`
}

function basis({ target, targetGiven, confidence, resamples, seed, policies }: CompareResult): string {
  const price = targetGiven ? '' : ', at which keeping all and escalating all are worth the same'
  const none = policies.every(({ inSample }) => inSample === undefined) ? ' No policy gives that on these rows.' : ''
  return `Policies are chosen for ${targetWords(target)}${price}.${none} Intervals: ${percent(confidence)}, ${count(resamples)} resamples of the groups, seed ${seed}; differences are paired, and as wide as it takes for all of a table to hold at once.`
}

function tableText(table: ShownTable | undefined, { colors, width }: View): string {
  if (table === undefined) return ''
  const { title, heads, leaveOut, rows, note } = table
  const columns = heads.map((head, i) => ({
    head,
    cell: (row: string[]) => row[i],
    ...(leaveOut[i] > 0 ? { leaveOut: leaveOut[i] } : {}),
  }))
  const [head, ...lines] = renderTable(columns, rows, width)
  return [
    colors.bold(title),
    colors.bold(head),
    ...lines,
    ...[...hiddenColumns(columns, rows, width), note].map((text) => colors.dim(wrap(text, width))),
  ].join('\n')
}

/** A comparison as Markdown, for a paper or an issue. */
export function compareMarkdown(result: CompareResult, inputs: Inputs): string {
  const { rows, groups } = result
  const about = `${inputs.files.join(' + ')}: ${count(rows)} rows, ${count(groups.count)} groups (worth ${count(Math.round(groups.effective))} of equal size). ${basis(result)}`
  const answers = [...statements(result)].map((line) => `- ${line}`).join('\n')
  return `${[about, markdownTable(signalTable(result)), markdownTable(policyTable(result)), markdownTable(modelTable(result)), answers].filter((part) => part !== '').join('\n\n')}\n`
}

function markdownTable(table: ShownTable | undefined): string {
  if (table === undefined) return ''
  const { title, heads, rows, note } = table
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    `**${title}**`,
    '',
    line(heads),
    line(heads.map((_, i) => (i === 0 ? '---' : '--:'))),
    ...rows.map(line),
    '',
    note,
  ].join('\n')
}
