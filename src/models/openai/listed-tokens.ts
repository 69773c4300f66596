/** A token in a list of a chat's answer, as JSON.parse would give it, but for what nobody reads. */
export interface ListedToken {
  token: string
  logprob: number
  bytes?: number[] | null
  top_logprobs?: { token: string; logprob: number }[]
}

export interface TokenList {
  tokens: ListedToken[]
  /** Where its closing bracket stands. */
  end: number
}

/** What JSON is made of, by its definition. */
const space = '[ \\t\\n\\r]*'
const plain = '[^"\\\\\\u0000-\\u001f]*'
const string = `"${plain}(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})${plain})*"`
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?'
const comma = `${space},${space}`
const listOf = (item: string) => `\\[${space}(?:${item}(?:${comma}${item})*${space})?\\]`
const member = (name: string, value: string) => `"${name}"${space}:${space}${value}`

/** OpenAI, vLLM and most others write bytes last, llama.cpp an id first and the bytes before the log-probability. */
const bytes = `(?:null|${listOf('(?:0|[1-9]\\d*)')})`
const fieldsOf = (token: string, bytes: string, logprob: string) =>
  `(?:${member('id', number)}${comma})?${member('token', token)}${comma}(?:${member('bytes', bytes)}${comma})?` +
  `${member('logprob', logprob)}(?:${comma}${member('bytes', bytes)})?`

const alternative = (token: string, logprob: string) => `\\{${space}${fieldsOf(token, bytes, logprob)}${space}\\}`
const ENTRY = new RegExp(
  `\\{${space}${fieldsOf(`(${string})`, `(${bytes})`, `(${number})`)}` +
    `(?:${comma}${member('top_logprobs', `(${listOf(alternative(string, number))})`)})?${space}\\}${space}`,
  'y',
)
const ALTERNATIVE = new RegExp(alternative(`(${string})`, `(${number})`), 'g')
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
 * @param alternatives whether they are wanted
 */
export function readList(json: string, from: number, alternatives: boolean): TokenList | undefined {
  const tokens: ListedToken[] = []
  for (let at = from; ;) {
    ENTRY.lastIndex = at
    const found = ENTRY.exec(json)
    if (found === null) return undefined
    tokens.push(tokenOf(found, alternatives))
    const next = nextEntry(json, ENTRY.lastIndex)
    if (next === undefined)
      return json.charCodeAt(ENTRY.lastIndex) === CLOSE ? { tokens, end: ENTRY.lastIndex } : undefined
    at = next
  }
}

/** Where a list in the usual layout ends, whatever is in it. */
export function listEnd(json: string, from: number): number | undefined {
  for (let at = from; ;) {
    ENTRY.lastIndex = at
    if (!ENTRY.test(json)) return undefined
    const next = nextEntry(json, ENTRY.lastIndex)
    if (next === undefined) return json.charCodeAt(ENTRY.lastIndex) === CLOSE ? ENTRY.lastIndex : undefined
    at = next
  }
}

/** Beyond the comma after an entry, if there is one. */
function nextEntry(json: string, end: number): number | undefined {
  if (json.charCodeAt(end) !== COMMA) return undefined
  return json.charCodeAt(end + 1) === OPEN ? end + 1 : skipSpace(json, end + 1)
}

const OPEN = 0x7b
const COMMA = 0x2c
const CLOSE = 0x5d

function tokenOf([, token, before, logprob, after, top]: RegExpExecArray, alternatives: boolean): ListedToken {
  const read: ListedToken = { token: unquoted(token), logprob: Number(logprob) }
  // Of a field that is there twice the last one counts.
  const own = after ?? before
  if (own !== undefined) read.bytes = own === 'null' ? null : numbersIn(own)
  if (alternatives && top !== undefined)
    read.top_logprobs = [...top.matchAll(ALTERNATIVE)].map((found) => ({
      token: unquoted(found[1]),
      logprob: Number(found[2]),
    }))
  return read
}

/** The numbers of a list of whole ones. */
function numbersIn(list: string): number[] {
  const numbers: number[] = []
  let value = -1
  for (let i = 1; i < list.length; i++) {
    const digit = list.charCodeAt(i) - 0x30
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : 10 * value + digit
    else if (value >= 0) {
      numbers.push(value)
      value = -1
    }
  }
  return numbers
}

/** The text of a string that is written in quotes. */
export const unquoted = (string: string): string =>
  string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1)

/** Where the string ends that begins at `from`; `undefined` where there is none. */
export function stringEnd(json: string, from: number): number | undefined {
  STRING.lastIndex = from
  return STRING.test(json) ? STRING.lastIndex : undefined
}

function skipSpace(json: string, from: number): number {
  SPACE.lastIndex = from
  SPACE.test(json)
  return SPACE.lastIndex
}
