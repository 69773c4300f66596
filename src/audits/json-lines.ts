import { SpillwayError } from '../core/errors.ts'
import { readBytes } from '../data/bytes.ts'

/** One line of a file that grows by whole lines. */
export interface JsonLine {
  value: unknown
  /** `audits.jsonl:17` */
  place: string
  /** Where the next line begins, in bytes. */
  end: number
  /** It has its line break. */
  whole: boolean
}

interface Line {
  bytes: Buffer
  number: number
  end: number
  whole: boolean
}

const MOST_BYTES = 64 << 20

/**
 * Reads JSON line by line (also gzipped). Whoever writes such a file may have been cut off within the last line: that
 * one is left out, and told.
 * @throws SpillwayError `bad-input` for any other line that is no JSON
 */
export async function* jsonLines(path: string, onTorn: (place: string) => void): AsyncGenerator<JsonLine> {
  let held: Line | undefined
  for await (const line of linesOf(path)) {
    if (line.bytes.every((byte) => byte <= 0x20)) continue
    if (held !== undefined) yield parsed(held, path)
    held = line
  }
  if (held === undefined) return
  if (isJson(held.bytes)) yield parsed(held, path)
  else onTorn(`${path}:${held.number}`)
}

function parsed({ bytes, number, end, whole }: Line, path: string): JsonLine {
  const place = `${path}:${number}`
  try {
    return { value: valueOf(bytes), place, end, whole }
  } catch (cause) {
    throw new SpillwayError(
      'bad-input',
      `${place}: not valid JSON (${(cause as Error).message.replace(/, "[^]*$/, '')}); what is lost here cannot be known, so take this line out of the file`,
      { cause },
    )
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const valueOf = (bytes: Buffer): unknown => JSON.parse(decoder.decode(bytes))

function isJson(bytes: Buffer): boolean {
  try {
    valueOf(bytes)
    return true
  } catch {
    return false
  }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let begun: Buffer[] = []
  let [number, end, length] = [0, 0, 0]
  for await (const chunk of readBytes(path)) {
    let start = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, at)
      const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest])
      end += bytes.length + 1
      yield { bytes, number: ++number, end, whole: true }
      ;[begun, length] = [[], 0]
      start = at + 1
    }
    if (start === chunk.length) continue
    begun.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > MOST_BYTES)
      throw new SpillwayError(
        'bad-input',
        `${path}:${number + 1}: a line of over 64 MiB; expected one JSON object a line`,
      )
  }
  if (length > 0) yield { bytes: Buffer.concat(begun), number: number + 1, end: end + length, whole: false }
}
