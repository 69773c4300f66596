import type { Finding } from '../core/outcomes/findings.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { conditionsOf, thresholdOf, type Policy } from '../core/policy/policy.ts'
import { nameOf } from '../data/bytes.ts'
import { writeFileWhole } from '../data/write.ts'
import type { FigureOptions } from '../report/figures/figures.ts'
import { pageData, pageHtml, type ReportOptions } from '../report/html/report-page.ts'
import { withProgress } from './progress.ts'

interface WriteOptions extends ReportOptions {
  /** Where the page goes. */
  out: string
  files: readonly string[]
  /** What `spillway route` is to be given to read the same data (`routeWords`). */
  route: string[]
  quiet?: boolean
}

/** Computes the figures of some outcomes and writes the page that shows them. */
export async function writeReport(
  outcomes: Outcomes,
  findings: readonly Finding[],
  { out, files, quiet, ...options }: WriteOptions,
): Promise<void> {
  const work = pageData(outcomes, { ...options, findings, files: files.map(nameOf) })
  await writeFileWhole(out, [await pageHtml(await withProgress(work, quiet))])
  if (quiet !== true) process.stderr.write(`wrote ${out}\n`)
}

/** The threshold of a policy that has just one; others are no place on a curve. */
export function openingOf(policy: Policy | undefined): FigureOptions['opening'] {
  const conditions = policy === undefined ? [] : conditionsOf(policy)
  return conditions.length === 1 ? { signal: conditions[0].signal, threshold: thresholdOf(conditions[0]) } : undefined
}
