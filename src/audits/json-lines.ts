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
 * Reads JSON line by line (also gzipped). Whoever writes such a file may have been cut off within a line, by a full disk
 * or a machine that went down, and have gone on in the next: such lines are left out, and told.
 * @throws SpillwayError `bad-input` where no line is JSON
 */
export async function* jsonLines(path: string, onTorn: (place: string) => void): AsyncGenerator<JsonLine> {
  let [found, torn] = [0, '']
  for await (const { bytes, number, end, whole } of linesOf(path)) {
    if (bytes.every((byte) => byte <= 0x20)) continue
    const place = `${path}:${number}`
    const value = valueOf(bytes)
    if (value === undefined) {
      torn ||= place
      onTorn(place)
      continue
    }
    found++
    yield { value, place, end, whole }
  }
  if (found === 0 && torn !== '')
    throw new SpillwayError(
      'bad-input',
      `${torn}: not valid JSON, and no other line is; expected one JSON object a line`,
    )
}

const decoder = new TextDecoder('utf-8', { fatal: true })
/** No JSON: `undefined`. */
function valueOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
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
