import { randomUUID } from 'node:crypto'
import type { ListPlace } from '../../models/openai/answer-decoder.ts'
import { cut, cutLike, written, type Layout } from '../../models/openai/answer-layout.ts'
import { listEnd } from '../../models/openai/listed-tokens.ts'
import { trimmed, trimsNothing, type Trim } from './trim.ts'

/**
 * Trims the values of one answer, each as `trimmed` does it, but without a look at what is in a list of tokens; and of a
 * stream, whose values differ in a text and its tokens alone, at nothing else either. Values are texts of one byte a
 * character.
 */
export function trimmer(trim: Trim): (json: string) => string | undefined {
  if (trimsNothing(trim)) return (json) => json
  const exactly = (json: string) => textOf(trimmed(Buffer.from(json, 'latin1'), trim))
  // To take some alternatives out and leave others in, lists have to be looked into.
  if (typeof trim.logprobs === 'number') return exactly
  let last: { layout: Layout; left: Left } | undefined
  return (json) => {
    const like = last && cutLike(last.layout, json, listEnd)
    if (like !== undefined) return filled(last!.left, like.text!, json.slice(like.from, like.end))
    const found = cut(json, listEnd)
    if (found === undefined) return exactly(json)
    const { layout, filling } = found
    const left = partsLeft(exactly(written(layout, TEXT, LIST)), layout)
    if (left === undefined) return exactly(json)
    if (layout.hasText) last = { layout, left }
    return filled(left, filling.text ?? '', json.slice(filling.from, filling.end))
  }
}

/**
 * The same of one whole answer.
 * @param list where its list of tokens stands, where that is known
 */
export function trimmedAnswer(bytes: Uint8Array, trim: Trim, list?: ListPlace): Uint8Array {
  if (trimsNothing(trim)) return bytes
  const around = trim.logprobs === 'all' && list !== undefined ? withoutList(bytes, trim, list) : undefined
  const left = around ?? trimmer(trim)(textOf(bytes)!)
  return left === undefined ? bytes : Buffer.from(left, 'latin1')
}

/** What is left of an answer without a look at its list of tokens; `undefined` where the list is. */
function withoutList(bytes: Uint8Array, trim: Trim, { start, end }: ListPlace): string | undefined {
  const [before, after] = [textOf(bytes.subarray(0, start))!, textOf(bytes.subarray(end))!]
  const left = textOf(trimmed(Buffer.from(`${before}${LIST}${after}`, 'latin1'), trim))
  return left?.includes(LIST) === false ? left : undefined
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/** What no server knows: where it stands, it was put. */
const [TEXT, LIST] = [JSON.stringify(randomUUID()), JSON.stringify(randomUUID())]

/** What is left of a layout; a list that is cut out has nothing after it. */
interface Left {
  before: string
  between: string
  after?: string
}

function partsLeft(marked: string | undefined, { hasText }: Layout): Left | undefined {
  if (marked === undefined) return undefined
  const [head, after] = marked.split(LIST)
  const [before, between] = hasText ? head.split(TEXT) : ['', head]
  // The text is left out of a value only with the value as a whole.
  return between === undefined ? undefined : { before, between, ...(after === undefined ? {} : { after }) }
}

const filled = ({ before, between, after }: Left, text: string, list: string): string =>
  after === undefined ? `${before}${text}${between}` : `${before}${text}${between}${list}${after}`
