import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { parse as parseAtOnce } from 'csv-parse/sync'
import { SpillwayError } from '../core/errors.ts'
import type { RecordBatch } from '../core/outcomes/source.ts'

const BATCH_ROWS = 4096

/** What separates the fields of a header: whichever of comma, tab and semicolon it has most of outside quotes. */
export function delimiterOf(header: string): string {
  const plain = header.replace(/"[^"]*"/g, '')
  const count = (mark: string) => plain.split(mark).length
  return ['\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}

/**
 * CSV with a header line (RFC 4180). A row's line is the one it ends on.
 * @throws SpillwayError `bad-input` naming the line where a row has another number of fields or a quote is wrong
 */
export async function* readCsv(
  blocks: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<RecordBatch> {
  const columns = (header: string[]) => checkHeader(header, name)
  const parser = parse({ columns, delimiter, info: true, skip_empty_lines: true, trim: true })
  // A failure on either side reaches the reader through the last stream; there is nothing left to do here.
  const rows = pipeline(blocks, parser, () => {}) as AsyncIterable<{
    record: Record<string, string>
    info: { lines: number }
  }>
  let batch = { records: [] as Record<string, string>[], lines: [] as number[] }
  try {
    for await (const { record, info } of rows) {
      batch.records.push(record)
      batch.lines.push(info.lines)
      if (batch.records.length < BATCH_ROWS) continue
      yield batch
      batch = { records: [], lines: [] }
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = typeof cause.lines === 'number' ? `:${cause.lines}` : ''
    throw new SpillwayError('bad-input', `${name}${line}: not valid CSV (${cause.message})`, { cause })
  }
  yield batch
}

/**
 * The columns that a file's first line names, for rows that are read elsewhere.
 * @throws SpillwayError `bad-input` where it names none, or two of one name
 */
export function readHeader(line: string, delimiter: string, name: string): string[] {
  try {
    const header = parseAtOnce(line, { delimiter, trim: true, bom: true })[0] ?? []
    if (header.some((column) => column !== '')) return checkHeader(header, name)
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new SpillwayError('bad-input', `${name}:1: not valid CSV (${cause.message})`, { cause })
  }
  throw new SpillwayError('bad-input', `${name}:1: no header; the first line names the columns`)
}

function checkHeader(header: string[], name: string): string[] {
  const repeated = header.find((column, i) => header.indexOf(column) !== i)
  if (repeated !== undefined)
    throw new SpillwayError('bad-input', `${name}:1: two columns are called ${JSON.stringify(repeated)}`)
  return header
}
