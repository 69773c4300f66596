import { findList, stringEnd } from './listed-tokens.ts'

/** The JSON of an answer with a list of tokens, or of a piece of a streamed one, cut where pieces differ. */
export interface Layout {
  /** Up to the text, or, where there is none, up to the first token. */
  before: string
  /** Whether it is of a piece, with a text. */
  hasText: boolean
  /** From the text to the first token. */
  between: string
  /** From the last token on. */
  after: string
}

/** What is between the parts of a layout, as it is written. */
export interface Filling {
  /** In quotes. */
  text?: string
  /** Where the first token begins, and where the last one ends. */
  from: number
  end: number
}

/** Where a list of tokens ends that begins at `from`; `undefined` where it has another layout than those known. */
export type ListEnd = (json: string, from: number) => number | undefined

/** Cuts an answer; `undefined`: it has no list of tokens, or one of another layout. */
export function cut(json: string, listEnd: ListEnd): { layout: Layout; filling: Filling } | undefined {
  const from = findList(json)
  const end = from && listEnd(json, from)
  if (from === undefined || end === undefined) return undefined
  const head = json.slice(0, from)
  const after = json.slice(end)
  const found = head.includes('"delta":{') ? head.lastIndexOf(CONTENT) : -1
  const at = found + CONTENT.length - 1
  const textEnd = found < 0 ? undefined : stringEnd(head, at)
  if (textEnd === undefined)
    return { layout: { before: head, hasText: false, between: '', after }, filling: { from, end } }
  return {
    layout: { before: head.slice(0, at), hasText: true, between: head.slice(textEnd), after },
    filling: { text: head.slice(at, textEnd), from, end },
  }
}

const CONTENT = '"content":"'

/** Cuts an answer of that layout; `undefined`: it is of another one. */
export function cutLike({ before, between, after }: Layout, json: string, listEnd: ListEnd): Filling | undefined {
  if (!isAt(json, 0, before)) return undefined
  const textEnd = stringEnd(json, before.length)
  if (textEnd === undefined || !isAt(json, textEnd, between)) return undefined
  const from = textEnd + between.length
  const end = listEnd(json, from)
  if (end === undefined || json.length !== end + after.length || !isAt(json, end, after)) return undefined
  return { text: json.slice(before.length, textEnd), from, end }
}

/** `startsWith`, which goes character by character, takes several times as long. */
const isAt = (json: string, at: number, part: string): boolean => json.slice(at, at + part.length) === part

/** An answer of a layout. What is in its list is one string. */
export const written = ({ before, hasText, between, after }: Layout, text: string, listed: string): string =>
  hasText ? `${before}${text}${between}${listed}${after}` : `${before}${listed}${after}`
