import { SpillwayError } from '../core/errors.ts'
import { placeIn, type RecordBatch, type RecordSource } from '../core/outcomes/source.ts'

/** Few enough that rows are used and forgotten before the garbage collector has to carry them on. */
const BATCH_ROWS = 256

/**
 * One JSON object a line; blank lines are skipped. Python's bare NaN and Infinity are read as such, not as errors.
 * @throws SpillwayError `bad-input` naming the line that is no JSON object
 */
export async function* readJsonl(blocks: AsyncIterable<string>, name: string): AsyncGenerator<RecordBatch> {
  const place = { name, unit: 'line' } as const
  let line = 1
  for await (const text of blocks) {
    let records: Record<string, unknown>[] = []
    let lines: number[] = []
    for (let start = 0; start < text.length; line++) {
      const newline = text.indexOf('\n', start)
      const end = newline < 0 ? text.length : newline
      const content = text.slice(start, end)
      start = end + 1
      const record = parseObject(content, place, line)
      if (record === undefined) continue
      records.push(record)
      lines.push(line)
      if (records.length < BATCH_ROWS) continue
      yield { records, lines }
      records = []
      lines = []
    }
    yield { records, lines }
  }
}

/**
 * One JSON object; a blank text: `undefined`.
 * @throws SpillwayError `bad-input` naming the line, or row, that is none
 */
export function parseObject(
  text: string,
  source: Pick<RecordSource, 'name' | 'unit'>,
  line: number,
): Record<string, unknown> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (text.trim() === '') return undefined
    value = parseLenient(text, placeIn(source, line), cause as Error)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new SpillwayError(
    'bad-input',
    `${placeIn(source, line)}: a JSON object was expected, this is ${describe(value)}`,
  )
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`

/** A string, or one of the bare words that Python's json writes for numbers JSON does not have. */
const stringOrWord = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g

/**
 * Parses JSON in which bare NaN, Infinity and -Infinity may stand for numbers; they become the texts of that name.
 * @throws SpillwayError `bad-input` where that does not help either
 */
export function parseLenient(text: string, place: string, error: Error): unknown {
  const quoted = text.replace(stringOrWord, (found) => (found.startsWith('"') ? found : `"${found}"`))
  if (quoted !== text) {
    try {
      return JSON.parse(quoted)
    } catch {
      // The first error is the one to show: it speaks of the text as it stands in the file.
    }
  }
  const cut = /end of JSON input|Unterminated/.test(error.message) ? '. Is the file cut off here?' : ''
  const shape =
    place.endsWith(':1') || !place.includes(':') ? '. Expected one JSON object a line, or one array of objects' : ''
  throw new SpillwayError(
    'bad-input',
    `${place}: not valid JSON (${error.message.replace(/, "[^]*$/, '').replace(/ in JSON at/, ' at')})${shape || cut}`,
    { cause: error },
  )
}
