import {
  edited,
  elementsOf,
  membersOf,
  ScanError,
  skipSpace,
  textAt,
  valueAt,
  without,
  type Edit,
  type Member,
  type Span,
} from './scan.ts'

/** What an answer has that its client did not ask for. */
export interface Trim {
  /** `all`: log-probabilities go; a number: that many alternatives stay. */
  logprobs?: 'all' | number
  /** Counts of tokens in a stream go. */
  usage?: boolean
}

export const trimsNothing = ({ logprobs, usage }: Trim): boolean => logprobs === undefined && usage !== true

const OBJECT = 0x7b
const LIST = 0x5b

/**
 * An answer, or a piece of a streamed one, as its client asked for it; the rest stays byte for byte. `undefined`: there
 * is nothing left of the piece. What has another layout than models' answers is left as it is.
 */
export function trimmed(bytes: Uint8Array, trim: Trim): Uint8Array | undefined {
  if (trimsNothing(trim)) return bytes
  try {
    const { members } = membersOf(bytes, skipSpace(bytes, 0))
    const edits: Edit[] = []
    const choices = valueOf(bytes, members, 'choices', LIST)
    const each = choices === undefined ? [] : elementsOf(bytes, choices.start)
    if (trim.usage === true) {
      const usage = members.findIndex(({ key }) => key === 'usage')
      if (usage >= 0 && bytes[members[usage].value.start] === OBJECT && each.length === 0) return undefined
      if (usage >= 0) edits.push(without(members, usage))
    }
    if (trim.logprobs !== undefined) for (const choice of each) trimChoice(bytes, choice, trim.logprobs, edits)
    return edited(bytes, edits)
  } catch (error) {
    if (error instanceof ScanError) return bytes
    throw error
  }
}

const find = (members: readonly Member[], name: string): Span | undefined =>
  members.findLast(({ key }) => key === name)?.value

function valueOf(bytes: Uint8Array, members: readonly Member[], name: string, opening: number): Span | undefined {
  const span = find(members, name)
  return span !== undefined && bytes[span.start] === opening ? span : undefined
}

function trimChoice(bytes: Uint8Array, choice: Span, keep: 'all' | number, edits: Edit[]): void {
  const logprobs = valueOf(bytes, membersOf(bytes, choice.start).members, 'logprobs', OBJECT)
  if (logprobs === undefined) return
  if (keep === 'all') {
    edits.push({ ...logprobs, text: 'null' })
    return
  }
  const { members } = membersOf(bytes, logprobs.start)
  for (const name of ['content', 'refusal']) {
    const list = valueOf(bytes, members, name, LIST)
    if (list !== undefined) for (const token of elementsOf(bytes, list.start)) trimToken(bytes, token, keep, edits)
  }
  const columns = valueOf(bytes, members, 'top_logprobs', LIST)
  const tokens = valueOf(bytes, members, 'tokens', LIST)
  if (columns === undefined) return
  const chosen = tokens === undefined ? [] : elementsOf(bytes, tokens.start)
  for (const [i, top] of elementsOf(bytes, columns.start).entries())
    if (bytes[top.start] === OBJECT) trimColumn(bytes, top, chosen[i], keep, edits)
}

/** Of a chat: `{token, logprob, top_logprobs: [{token, logprob}]}`. */
function trimToken(bytes: Uint8Array, token: Span, keep: number, edits: Edit[]): void {
  const list = valueOf(bytes, membersOf(bytes, token.start).members, 'top_logprobs', LIST)
  if (list === undefined) return
  const all = elementsOf(bytes, list.start)
  if (all.length <= keep) return
  const likely = mostLikely(
    all.map((span) => {
      const logprob = find(membersOf(bytes, span.start).members, 'logprob')
      return logprob === undefined ? NaN : Number(valueAt(bytes, logprob))
    }),
    keep,
  )
  edits.push({ ...list, text: `[${likely.map((i) => textAt(bytes, all[i])).join(',')}]` })
}

/** Of a completion: `{text: logprob}`, in which the chosen token stays whatever its rank. */
function trimColumn(bytes: Uint8Array, top: Span, chosen: Span | undefined, keep: number, edits: Edit[]): void {
  const { members } = membersOf(bytes, top.start)
  const own = chosen === undefined ? undefined : valueAt(bytes, chosen)
  const likely = new Set(
    mostLikely(
      members.map(({ value }) => Number(valueAt(bytes, value))),
      keep,
    ),
  )
  const kept = members.filter(({ key }, i) => likely.has(i) || key === own)
  if (kept.length === members.length) return
  const text = kept.map(({ start, value }) => textAt(bytes, { start, end: value.end })).join(',')
  edits.push({ ...top, text: `{${text}}` })
}

/** The places of the largest values, in the order in which they stand. */
const mostLikely = (values: readonly number[], keep: number): number[] =>
  [...values.keys()]
    .toSorted((a, b) => values[b] - values[a] || a - b)
    .slice(0, keep)
    .toSorted((a, b) => a - b)
