import { edited, membersOf, ScanError, skipSpace, textAt, valueAt, type Edit, type Member } from './scan.ts'

/** Which of OpenAI's APIs a request is for. */
export type Api = 'chat' | 'completions' | 'embeddings' | 'responses'

/** What a gateway needs to know of a request; all else goes on as it came. */
export interface ClientRequest {
  api: Api
  bytes: Uint8Array
  members: readonly Member[]
  model: string
  stream: boolean
  /** Whether a stream is to end with a count of tokens. */
  includeUsage: boolean
  /** How many alternatives of each token are wanted; `undefined`: no log-probabilities either. */
  logprobs?: number
  /** The most tokens of the answer; Infinity where nothing is said. */
  limit: number
  /** How many answers are wanted. */
  n: number
  temperature?: number
  /** The answer of a completion begins with its prompt, known where it is one text. */
  echo?: { prompt?: string }
}

/** Where the text of a request stands. */
const contents: Record<Api, string> = {
  chat: 'messages',
  completions: 'prompt',
  embeddings: 'input',
  responses: 'input',
}

/** A request that no stage could answer. */
export class BadRequest extends Error {
  readonly param: string | undefined
  constructor(message: string, param?: string) {
    super(message)
    this.param = param
  }
}

/** @throws BadRequest where the body is no request */
export function readRequest(bytes: Uint8Array, api: Api): ClientRequest {
  const members = membersIn(bytes)
  const field = (name: string): unknown => {
    // Of a field that is there twice the last one counts, as JSON parsers have it.
    const member = members.findLast(({ key }) => key === name)
    return member && partAt(bytes, member)
  }
  const number = (name: string): number | undefined => {
    const value = field(name) ?? undefined
    if (value !== undefined && typeof value !== 'number') throw new BadRequest(`${name} must be a number`, name)
    return value
  }
  const model = field('model')
  if (typeof model !== 'string') throw new BadRequest('model must name a model; GET /v1/models lists them', 'model')
  const content = contents[api]
  // A response may go on from a former one, without a text of its own.
  if (api !== 'responses' && !members.some(({ key }) => key === content))
    throw new BadRequest(`${content} is missing`, content)
  const temperature = number('temperature')
  const prompt = api === 'completions' && field('echo') === true ? field('prompt') : undefined
  const logprobs = wantedLogprobs(api, field, number)
  return {
    api,
    bytes,
    members,
    model,
    stream: field('stream') === true,
    includeUsage: (field('stream_options') as { include_usage?: unknown } | null)?.include_usage === true,
    ...(logprobs === undefined ? {} : { logprobs }),
    limit: Math.min(number('max_tokens') ?? Infinity, number('max_completion_tokens') ?? Infinity),
    n: Math.max(number('n') ?? 1, api === 'completions' ? (number('best_of') ?? 1) : 1, promptsIn(bytes, members)),
    ...(temperature === undefined ? {} : { temperature }),
    ...(prompt === undefined ? {} : { echo: typeof prompt === 'string' ? { prompt } : {} }),
  }
}

/** @throws BadRequest where it is no JSON */
function partAt(bytes: Uint8Array, { key, value }: Member): unknown {
  try {
    return valueAt(bytes, value)
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    throw new BadRequest(`${key} is no JSON`, key)
  }
}

/** What is asked: messages, a prompt or an input; where that is no JSON, its text as it came. */
export function questionIn({ api, bytes, members }: ClientRequest): unknown {
  const member = members.findLast(({ key }) => key === contents[api])
  if (member === undefined) return undefined
  try {
    return valueAt(bytes, member.value)
  } catch {
    return textAt(bytes, member.value)
  }
}

function membersIn(bytes: Uint8Array): Member[] {
  try {
    const { members, end } = membersOf(bytes, skipSpace(bytes, 0))
    if (skipSpace(bytes, end) !== bytes.length) throw new ScanError('something follows its end')
    return members
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    throw new BadRequest(`the body of the request is no JSON object: ${error.message}`)
  }
}

function wantedLogprobs(
  api: Api,
  field: (name: string) => unknown,
  number: (name: string) => number | undefined,
): number | undefined {
  if (api === 'completions') return number('logprobs')
  if (api !== 'chat') return undefined
  return field('logprobs') === true ? (number('top_logprobs') ?? 0) : undefined
}

/** A completion may be asked of several texts at once, each with an answer. */
function promptsIn(bytes: Uint8Array, members: readonly Member[]): number {
  const prompt = members.findLast(({ key }) => key === 'prompt')
  if (prompt === undefined || bytes[prompt.value.start] !== 0x5b) return 1
  const list = partAt(bytes, prompt) as unknown[]
  return list.every((each) => typeof each === 'number') ? 1 : list.length
}

/** What a stage is asked besides. */
export interface Asked {
  /** The model's name at its server. */
  model: string
  /** How many alternatives a policy reads; `undefined`: nothing is to be added to what the client asks for. */
  alternatives?: number
  /** Further fields, where the request does not have them. */
  body?: Readonly<Record<string, unknown>>
}

/** How many alternatives a stage is asked for: what its policy reads, or more where the client wants more. */
export const sentAlternatives = ({ logprobs }: ClientRequest, { alternatives }: Asked): number | undefined =>
  alternatives === undefined ? logprobs : Math.max(alternatives, logprobs ?? 0)

/** The request as a stage is asked: the bytes as they came, but for what has to be different. */
export function bodyFor(request: ClientRequest, asked: Asked): Uint8Array {
  const { bytes, members, api, stream } = request
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(asked.body ?? {}))
    if (!members.some(({ key }) => key === name)) fields[name] = value
  fields.model = asked.model
  if (stream && !isUnread(api)) fields.stream_options = { ...optionsOf(request), include_usage: true }
  const k = sentAlternatives(request, asked)
  if (asked.alternatives !== undefined && k !== undefined) {
    // 0 alternatives are asked for by saying nothing of them: llama.cpp takes 0 for no log-probabilities at all.
    if (api === 'completions') fields.logprobs = Math.max(1, k)
    else fields.logprobs = true
    if (api === 'chat' && (k > 0 || members.some(({ key }) => key === 'top_logprobs'))) fields.top_logprobs = k
  }
  const edits: Edit[] = []
  let added = ''
  for (const [name, value] of Object.entries(fields)) {
    const text = JSON.stringify(value)
    const own = members.filter(({ key }) => key === name)
    for (const { value: span } of own) if (textAt(bytes, span) !== text) edits.push({ ...span, text })
    if (own.length === 0) added += `${JSON.stringify(name)}:${text},`
  }
  if (added !== '') edits.push({ start: members[0].start, end: members[0].start, text: added })
  return edited(bytes, edits)
}

/** Passed on without a look at what is answered. */
export const isUnread = (api: Api): boolean => api === 'embeddings' || api === 'responses'

function optionsOf({ bytes, members }: ClientRequest): object {
  const member = members.findLast(({ key }) => key === 'stream_options')
  const value = member && valueAt(bytes, member.value)
  return typeof value === 'object' && value !== null ? value : {}
}
