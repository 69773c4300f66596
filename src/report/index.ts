/** Outcomes to look at: the report's page, and the figures of a paper. */
export { figureNames, type FigureName } from './charts/names.ts'
export type { Theme, ThemeName } from './charts/theme.ts'
export type {
  About,
  Decile,
  Example,
  Examples,
  FigureData,
  Histogram,
  Line,
  PolicyFigure,
  RangeColumns,
  SignalFigure,
  Stops,
} from './figures/figure-data.ts'
export { figureData, type FigureOptions } from './figures/figures.ts'
export type { PageData } from './html/page-data.ts'
export { pageData, pageHtml, reportPage, type ReportOptions } from './html/report-page.ts'
export type { Inputs } from './json.ts'
export { figureFile, type FigureFile } from './render/figure-file.ts'
export { fileKinds, type FileKind } from './render/file-kinds.ts'
export type { Inches } from './render/size.ts'
