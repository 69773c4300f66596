import { SpillwayError } from '../core/errors.ts'
import type { RecordBatch } from '../core/outcomes/source.ts'
import { parseLenient } from './jsonl.ts'

/** The longest text a string can hold here; longer arrays must come as JSONL. */
const MAX_CHARACTERS = 2 ** 29 - 100

/**
 * One JSON array of objects, read whole; the k-th item counts as line k.
 * @throws SpillwayError `bad-input` where it is no array, or an item no object
 */
export async function* readJsonArray(blocks: AsyncIterable<string>, name: string): AsyncGenerator<RecordBatch> {
  const parts: string[] = []
  let length = 0
  for await (const text of blocks) {
    parts.push(text)
    length += text.length
    if (length > MAX_CHARACTERS)
      throw new SpillwayError(
        'bad-input',
        `${name}: a JSON array of over 512 MiB; write it as JSONL, one object a line`,
      )
  }
  const text = parts.join('')
  let items: unknown
  try {
    items = JSON.parse(text)
  } catch (cause) {
    items = parseLenient(text, name, cause as Error)
  }
  const list = items as unknown[]
  list.forEach((item, i) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw new SpillwayError(
        'bad-input',
        `${name}, item ${i + 1}: a JSON object was expected, this is ${JSON.stringify(item)?.slice(0, 40)}`,
      )
  })
  yield { records: list as Record<string, unknown>[], lines: list.map((_, i) => i + 1) }
}
