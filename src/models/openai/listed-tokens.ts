/** A token in a list of a chat's answer, as JSON.parse would give it, but for what nobody reads. */
export interface ListedToken {
  token: string
  logprob: number
  bytes?: number[] | null
  top_logprobs?: { token?: string; logprob: number }[]
}

/** What is read of alternatives. */
export type Alternatives = 'none' | 'logprobs' | 'texts'

export interface TokenList {
  tokens: ListedToken[]
  /** Where its closing bracket stands. */
  end: number
}

/** What JSON is made of, by its definition. */
const plain = '[^"\\\\\\u0000-\\u001f]*'
const string = `"${plain}(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})${plain})*"`
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?'

/**
 * A token with its alternatives. OpenAI, vLLM and most others write bytes last, llama.cpp an id first and the bytes
 * before the log-probability.
 * @param space what may stand between the parts of JSON
 */
function entryWith(space: string): RegExp {
  const comma = `${space},${space}`
  const listOf = (item: string) => `\\[${space}(?:${item}(?:${comma}${item})*${space})?\\]`
  const member = (name: string, value: string) => `"${name}"${space}:${space}${value}`
  const fieldsOf = (token: string, bytes: string, logprob: string) =>
    `(?:${member('id', number)}${comma})?${member('token', token)}${comma}(?:${member('bytes', bytes)}${comma})?` +
    `${member('logprob', logprob)}(?:${comma}${member('bytes', bytes)})?`
  const bytes = `(?:null|${listOf('(?:0|[1-9]\\d*)')})`
  const alternatives = listOf(`\\{${space}${fieldsOf(string, bytes, number)}${space}\\}`)
  const own = fieldsOf(`(${string})`, `(${bytes})`, `(${number})`)
  return new RegExp(
    `\\{${space}${own}(?:${comma}${member('top_logprobs', `(${alternatives})`)})?${space}\\}${space}`,
    'y',
  )
}

const space = '[ \\t\\n\\r]*'
/** JSON for machines has no space, and takes half the time without a look for it. */
const [COMPACT, SPACED] = [entryWith(''), entryWith(space)]
const STRING = new RegExp(string, 'y')
const OPENING = new RegExp(`"logprobs"${space}:${space}\\{${space}"content"${space}:${space}\\[${space}`)
const SPACE = /[ \t\n\r]*/y

/** Where the first list of tokens has its first one. */
export function findList(json: string): number | undefined {
  const found = OPENING.exec(json)
  return found === null ? undefined : found.index + found[0].length
}

/**
 * Reads a list of tokens in the usual layout, many times faster than JSON.parse. Every byte of it is held to the
 * definition of JSON, so that no list is read that JSON.parse would not read alike. `undefined`: the layout is another,
 * or the list is empty.
 * @param from where its first token begins
 */
export function readList(json: string, from: number, alternatives: Alternatives): TokenList | undefined {
  const tokens: ListedToken[] = []
  const end = endOf(json, from, (found) => tokens.push(tokenOf(found, alternatives)))
  return end === undefined ? undefined : { tokens, end }
}

/** Where a list in the usual layout ends, whatever is in it. */
export const listEnd = (json: string, from: number): number | undefined => endOf(json, from)

/**
 * Goes from entry to entry.
 * @param take told of each; without it, no entry is taken apart
 */
function endOf(json: string, from: number, take?: (entry: RegExpExecArray) => void): number | undefined {
  const entry = isSpaced(json, from) ? SPACED : COMPACT
  try {
    for (let at = from; ;) {
      entry.lastIndex = at
      const found = take === undefined ? entry.test(json) : entry.exec(json)
      if (found === null || found === false) return undefined
      if (found !== true) take!(found)
      // The pattern has been moved behind it.
      at = entry.lastIndex
      if (json.charCodeAt(at) === CLOSE) return at
      if (json.charCodeAt(at) !== COMMA) return undefined
      at = skipSpace(json, at + 1)
    }
  } catch (error) {
    return ifTooLong(error)
  }
}

/** By its first field's name and value. */
function isSpaced(json: string, from: number): boolean {
  const colon = json.indexOf(':', from)
  return json.charCodeAt(from + 1) <= 0x20 || json.charCodeAt(colon - 1) <= 0x20 || json.charCodeAt(colon + 1) <= 0x20
}

/** A pattern that goes back and forth over millions of characters runs out of memory of its own. */
function ifTooLong(error: unknown): undefined {
  if (!(error instanceof RangeError)) throw error
}

const COMMA = 0x2c
const CLOSE = 0x5d

function tokenOf(found: RegExpExecArray, alternatives: Alternatives): ListedToken {
  const { 1: token, 2: before, 3: logprob, 4: after, 5: top } = found
  // Of a field that is there twice the last one counts.
  const own = after ?? before
  const text = unquoted(token)
  const value = Number(logprob)
  // A field that is added later has a place of its own in memory.
  const read: ListedToken =
    own === undefined
      ? { token: text, logprob: value }
      : { token: text, logprob: value, bytes: own === 'null' ? null : numbersIn(own) }
  if (alternatives !== 'none' && top !== undefined)
    read.top_logprobs = alternatives === 'texts' ? (JSON.parse(top) as ListedToken[]) : logprobsIn(top)
  return read
}

/** The log-probabilities in a list of alternatives, which is one by now. */
function logprobsIn(list: string): { logprob: number }[] {
  const found: { logprob: number }[] = []
  for (let at = list.indexOf(KEY); at >= 0; at = list.indexOf(KEY, at + 1)) {
    const colon = skipSpace(list, at + KEY.length)
    // Else it is the text of a token.
    if (list.charCodeAt(colon) === COLON) found.push({ logprob: numberAt(list, skipSpace(list, colon + 1)) })
  }
  return found
}

const KEY = '"logprob"'
const COLON = 0x3a

function numberAt(json: string, from: number): number {
  let end = from
  while (isOfNumber(json.charCodeAt(end))) end++
  return Number(json.slice(from, end))
}

/** A digit, a sign, a point or an exponent's e. */
const isOfNumber = (code: number): boolean =>
  (code >= 0x2d && code <= 0x39 && code !== 0x2f) || code === 0x65 || code === 0x45 || code === 0x2b

/** The numbers of a list of whole ones. */
function numbersIn(list: string): number[] {
  if (list.length > LONG) return JSON.parse(list) as number[]
  let count = 0
  let value = -1
  for (let i = 1; i < list.length; i++) {
    const digit = list.charCodeAt(i) - 0x30
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : 10 * value + digit
    else if (value >= 0) {
      scratch[count++] = value
      value = -1
    }
  }
  return scratch.slice(0, count)
}

/** Numbers gather here, since a list that grows is given room for 17, and a token has some 4. */
const scratch: number[] = []
const LONG = 500

/** The text of a string that is written in quotes. */
export const unquoted = (string: string): string =>
  string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1)

/** Where the string ends that begins at `from`; `undefined` where there is none. */
export function stringEnd(json: string, from: number): number | undefined {
  STRING.lastIndex = from
  try {
    return STRING.test(json) ? STRING.lastIndex : undefined
  } catch (error) {
    return ifTooLong(error)
  }
}

function skipSpace(json: string, from: number): number {
  if (json.charCodeAt(from) > 0x20) return from
  SPACE.lastIndex = from
  SPACE.test(json)
  return SPACE.lastIndex
}
