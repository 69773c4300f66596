import { openRecords } from '../open.ts'
import { automix } from './automix.ts'
import type { Importer, ImportOptions } from './imported.ts'
import { routellm } from './routellm.ts'

/** By the name of the project whose results they read. */
export const importers = { automix, routellm } satisfies Record<string, Importer>

export type ImporterName = keyof typeof importers

/** Files of another project's results as lines of outcomes; what is written stays in order. */
export async function* importedLines(
  name: ImporterName,
  paths: readonly string[],
  options: ImportOptions,
  tally: { rows: number; signals: number },
): AsyncGenerator<string> {
  for (const path of paths) {
    const source = await openRecords(path)
    try {
      for await (const row of importers[name].rows(source, options)) {
        tally.rows += 1
        if (Object.keys(row.small.signals).length > 0) tally.signals += 1
        yield `${JSON.stringify(row)}\n`
      }
    } finally {
      await source.close()
    }
  }
}
