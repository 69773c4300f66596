import { basename } from 'node:path'
import { withAnswerSignals } from '../core/outcomes/answer-signals.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { conditionsOf, thresholdOf, type Policy } from '../core/policy/policy.ts'
import { sourceOf } from '../core/policy/source.ts'
import { writeFileWhole } from '../data/write.ts'
import { figureData, type FigureOptions } from '../report/figures/figures.ts'
import type { Inputs } from '../report/json.ts'
import { reportHtml } from '../report/html/report-html.ts'
import { inputsOf } from './files.ts'
import { pageAssets } from './page-assets.ts'
import { withProgress } from './progress.ts'

export interface ReportOptions extends FigureOptions {
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
  { out, files, route, quiet, ...options }: ReportOptions,
): Promise<void> {
  const inputs = inputsOf(files, outcomes)
  const title = options.title ?? titleOf(inputs)
  const figures = await withProgress(figureData(outcomes, findings, inputs, { ...options, title }), quiet)
  const known = withAnswerSignals(outcomes)
  const page = {
    figures,
    signal: Math.max(
      0,
      figures.signals.findIndex(({ signal }) => signal === options.opening?.signal),
    ),
    sources: Object.fromEntries(known.signals.map(({ name }) => [name, sourceOf(known, name)])),
    route,
  }
  await writeFileWhole(out, [reportHtml(page, await pageAssets('report'))])
  if (quiet !== true) process.stderr.write(`wrote ${out}\n`)
}

/** The data sets, or of many the file. */
const titleOf = ({ files, datasets }: Inputs): string =>
  datasets.length <= 3 ? datasets.join(', ') : basename(files[0])

/** The threshold of a policy that has just one; others are no place on a curve. */
export function openingOf(policy: Policy | undefined): FigureOptions['opening'] {
  const conditions = policy === undefined ? [] : conditionsOf(policy)
  return conditions.length === 1 ? { signal: conditions[0].signal, threshold: thresholdOf(conditions[0]) } : undefined
}
