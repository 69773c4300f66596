/** Where a value stands in the bytes of JSON: from `start` up to, but without, `end`. */
export interface Span {
  start: number
  end: number
}

/** A member of an object: its key without quotes, as written, and both places. */
export interface Member {
  key: string
  /** From the key's opening quote. */
  start: number
  value: Span
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Deeper nesting is no request that a model takes. */
export const DEEPEST = 128

/** JSON that cannot be read this way: it is broken, or nested too deeply. */
export class ScanError extends Error {}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}

/** After a string's closing quote. Long strings are searched natively. */
function skipString(bytes: Uint8Array, open: number): number {
  for (let at = bytes.indexOf(QUOTE, open + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at + 1
  }
  throw new ScanError('a string has no end')
}

/** After the value that begins at `from`; what is in it is not checked, but that its brackets match. */
export function skipValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from]
  if (first === QUOTE) return skipString(bytes, from)
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return skipWord(bytes, from)
  const open: number[] = []
  for (let at = from; at < bytes.length;) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = skipString(bytes, at)
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (open.push(byte) > DEEPEST) throw new ScanError(`it is nested more than ${DEEPEST} deep`)
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      // Each bracket's code is two below that of its pair.
      if (open.pop() !== byte - 2) throw new ScanError('its brackets do not match')
      if (open.length === 0) return at + 1
    }
    at++
  }
  throw new ScanError('it ends too soon')
}

/** Numbers, true, false and null: up to what ends a value. */
function skipWord(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isWord(bytes[at])) at++
  if (at === from) throw new ScanError('a value is missing')
  return at
}

const isWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2d ||
  byte === 0x2b ||
  byte === 0x2e ||
  byte === 0x45

/**
 * The members of the object that begins at `from`.
 * @throws ScanError where there is no object
 */
export function membersOf(bytes: Uint8Array, from: number): { members: Member[]; end: number } {
  if (bytes[from] !== OPEN_OBJECT) throw new ScanError('it is no object')
  const members: Member[] = []
  let at = skipSpace(bytes, from + 1)
  if (bytes[at] === CLOSE_OBJECT) return { members, end: at + 1 }
  for (;;) {
    if (bytes[at] !== QUOTE) throw new ScanError('a key is missing')
    const start = at
    const keyEnd = skipString(bytes, at)
    at = skipSpace(bytes, keyEnd)
    if (bytes[at] !== COLON) throw new ScanError('a colon is missing')
    const valueStart = skipSpace(bytes, at + 1)
    const end = skipValue(bytes, valueStart)
    members.push({ key: keyOf(bytes, start, keyEnd), start, value: { start: valueStart, end } })
    at = skipSpace(bytes, end)
    if (bytes[at] === CLOSE_OBJECT) return { members, end: at + 1 }
    if (bytes[at] !== COMMA) throw new ScanError('a comma is missing')
    at = skipSpace(bytes, at + 1)
  }
}

/** A key may be written with escapes, and means the same. */
function keyOf(bytes: Uint8Array, start: number, end: number): string {
  const text = textAt(bytes, { start: start + 1, end: end - 1 })
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    throw new ScanError('a key is no string')
  }
}

/**
 * The elements of the list that begins at `from`.
 * @throws ScanError where there is no list
 */
export function elementsOf(bytes: Uint8Array, from: number): Span[] {
  if (bytes[from] !== OPEN_LIST) throw new ScanError('it is no list')
  const elements: Span[] = []
  let at = skipSpace(bytes, from + 1)
  if (bytes[at] === CLOSE_LIST) return elements
  for (;;) {
    const end = skipValue(bytes, at)
    elements.push({ start: at, end })
    at = skipSpace(bytes, end)
    if (bytes[at] === CLOSE_LIST) return elements
    if (bytes[at] !== COMMA) throw new ScanError('a comma is missing')
    at = skipSpace(bytes, at + 1)
  }
}

export const textAt = (bytes: Uint8Array, { start, end }: Span): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()

/** @throws ScanError where the bytes there are no JSON */
export function valueAt(bytes: Uint8Array, span: Span): unknown {
  try {
    return JSON.parse(textAt(bytes, span))
  } catch {
    throw new ScanError('it is no JSON')
  }
}

/** Something to put in place of a span. */
export interface Edit extends Span {
  text: string
}

/** The bytes with all edits made; edits do not overlap. */
export function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return bytes
  const parts: Uint8Array[] = []
  let at = 0
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text))
    at = end
  }
  parts.push(bytes.subarray(at))
  return Buffer.concat(parts)
}

/** Takes a member out of its object, with one of the commas beside it. */
export function without(members: readonly Member[], i: number): Edit {
  const { start, value } = members[i]
  if (i + 1 < members.length) return { start, end: members[i + 1].start, text: '' }
  return { start: i === 0 ? start : members[i - 1].value.end, end: value.end, text: '' }
}
