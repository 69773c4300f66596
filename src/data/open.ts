import { SpillwayError } from '../core/errors.ts'
import type { RecordBatch, RecordSource } from '../core/outcomes/source.ts'
import { nameOf, readBytes } from './bytes.ts'
import { delimiterOf, readCsv } from './csv.ts'
import { readBy } from './engines/paths.ts'
import type { RowsOptions } from './engines/rows.ts'
import { readJsonArray } from './json-array.ts'
import { readJsonl } from './jsonl.ts'
import { readBlocks } from './text.ts'

/**
 * Opens rows by name: files of this machine and standard input (`-`); Parquet, zst, patterns and addresses through
 * DuckDB; tables of ClickHouse. Engines are loaded when one is needed.
 * @throws SpillwayError `bad-input` where they cannot be read, `usage` where a package is missing
 */
export async function openRecords(path: string, options: RowsOptions = {}): Promise<RecordSource> {
  const reader = readBy(path)
  if (reader === 'duckdb') return (await import('./engines/duckdb-rows.ts')).duckDbRows(path, options)
  if (reader === 'clickhouse') return (await import('./engines/clickhouse-rows.ts')).clickHouseRows(path, options)
  return openFile(path)
}

/**
 * Opens a file of rows: JSONL, a JSON array or CSV, each also gzipped; `-` is standard input. The first character
 * tells the format, whatever the file is called.
 */
async function openFile(path: string): Promise<RecordSource> {
  const name = nameOf(path)
  const blocks = readBlocks(readBytes(path), name)
  const head: string[] = []
  let start = ''
  while (start === '') {
    const next = await blocks.next()
    if (next.done === true)
      throw new SpillwayError('bad-input', `${name}: the file is empty; expected JSONL, a JSON array or CSV`)
    head.push(next.value)
    start = next.value.trimStart()
  }
  const all = chain(head, blocks)
  const format = formatOf(start)
  const batches: Record<typeof format, () => AsyncIterable<RecordBatch>> = {
    jsonl: () => readJsonl(all, name),
    json: () => readJsonArray(all, name),
    csv: () => readCsv(all, name, delimiterOf(start.split('\n', 1)[0])),
  }
  return {
    name,
    unit: format === 'json' ? 'item' : 'line',
    numericText: format === 'csv',
    batches: batches[format](),
    close: async () => void (await blocks.return(undefined)),
  }
}

/** JSON arrays begin with a bracket, objects with a brace; other JSON values, which are errors, also go to JSONL. */
function formatOf(start: string): 'jsonl' | 'json' | 'csv' {
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return 'jsonl'
  return /^("[^"]*"|-?\d[\d.]*|true|false|null)\s*(\n|$)/.test(start) ? 'jsonl' : 'csv'
}

async function* chain(head: string[], rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield* head
  yield* rest
}
