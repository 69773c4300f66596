import type { RecordSource } from '../../core/outcomes/source.ts'

/** A row of outcomes as it is written; what is not known is left out. */
export interface ImportedRow {
  id: string
  group?: string
  dataset?: string
  question?: string
  gold?: string
  small: { model: string; answer?: string; quality: number; signals: Record<string, number> }
  large: { model: string; answer?: string; quality: number }
}

export interface ImportOptions {
  /** What the file calls the small model and the large one; each format has its own default. */
  small?: string
  large?: string
  /** Of a format whose rows are split: only that part, such as `val`. */
  split?: string
}

/** Recorded results of another project. */
export interface Importer {
  /** @throws SpillwayError `bad-input` where a row is none of the format */
  rows(source: RecordSource, options: ImportOptions): AsyncGenerator<ImportedRow>
  /** What remains to be said to whoever goes on with the rows in `out`. */
  hint(out: string): string
}
