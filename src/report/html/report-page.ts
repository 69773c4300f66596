import { basename } from 'node:path'
import { withAnswerSignals } from '../../core/outcomes/answer-signals.ts'
import type { Finding } from '../../core/outcomes/findings.ts'
import type { Outcomes } from '../../core/outcomes/outcomes.ts'
import { sourceOf } from '../../core/policy/source.ts'
import { finish, type Work } from '../../core/stats/work.ts'
import { figureData, type FigureOptions } from '../figures/figures.ts'
import type { PageData } from './page-data.ts'
import { pageAssets } from './page-assets.ts'
import { reportHtml } from './report-html.ts'

/** What the page is about, and how its figures are computed. */
export interface ReportOptions extends FigureOptions {
  /** What lint found in the data. */
  findings?: readonly Finding[]
  /** What the outcomes were read from, as the page is to name it. */
  files?: readonly string[]
  /** What `spillway route` is to be given to read the same data, as the shell passes words on. Default: `files`. */
  route?: readonly string[]
}

/**
 * The figures of some outcomes, and what else the page shows: long work.
 * @throws SpillwayError where there are no outcomes, no signal has a value, or costs are unknown
 */
export function* pageData(outcomes: Outcomes, options: ReportOptions = {}): Work<PageData> {
  const { findings = [], files = [], route = files, ...more } = options
  const { datasets } = outcomes
  const title = more.title ?? (datasets.length <= 3 || files.length === 0 ? datasets.join(', ') : basename(files[0]))
  const figures = yield* figureData(outcomes, findings, { files: [...files], datasets }, { ...more, title })
  const known = withAnswerSignals(outcomes)
  const opening = figures.signals.findIndex(({ signal }) => signal === more.opening?.signal)
  return {
    figures,
    signal: Math.max(0, opening),
    sources: Object.fromEntries(known.signals.map(({ name }) => [name, sourceOf(known, name)])),
    route: [...route],
  }
}

/** A page as one HTML file that loads nothing. */
export const pageHtml = async (page: PageData): Promise<string> => reportHtml(page, await pageAssets('report'))

/**
 * Everything about some outcomes in one HTML file.
 * @throws as `pageData` does
 */
export const reportPage = (outcomes: Outcomes, options: ReportOptions = {}): Promise<string> =>
  pageHtml(finish(pageData(outcomes, options)))
