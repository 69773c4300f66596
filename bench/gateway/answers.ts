/** The answers of the scripted upstream: 60 tokens with five alternatives each, 29 KB, as OpenAI writes them. */
export const TOKENS = 60
const ALTERNATIVES = 5

/** What a request says, as far as the answer depends on it. */
export interface Wanted {
  /** `unsure` escalates, all others are kept. */
  model: string
  stream: boolean
  logprobs: boolean
  /** Whether a stream counts its tokens. */
  usage: boolean
}

const head = (object: string, model: string) => ({ id: ID, object, created: 1_700_000_000, model })
/** Of a fixed length, so that a stream can tell when each event was sent. */
const ID = 'answer-0000000000000000'
const usage = { prompt_tokens: 300, completion_tokens: TOKENS, total_tokens: 300 + TOKENS }

const word = (i: number): string => ` wd${(i * 7919) % 997}`
const tokenOf = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] })

function entryOf(i: number, model: string) {
  const logprob = model === 'unsure' ? -3 - i / 1000 : -0.0123456789 * (1 + (i % 7))
  const others = Array.from({ length: ALTERNATIVES - 1 }, (_, j) =>
    tokenOf(word(i + 11 * j), -4.123456789 - j - i / 97),
  )
  const own = tokenOf(word(i), logprob)
  return { ...own, top_logprobs: [own, ...others] }
}

const logprobsOf = (tokens: readonly number[], { logprobs, model }: Wanted) =>
  logprobs ? { content: tokens.map((i) => entryOf(i, model)), refusal: null } : null

const all = Array.from({ length: TOKENS }, (_, i) => i)

export const wholeAnswer = (wanted: Wanted): string =>
  JSON.stringify({
    ...head('chat.completion', wanted.model),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: all.map(word).join(''), refusal: null },
        logprobs: logprobsOf(all, wanted),
        finish_reason: 'stop',
      },
    ],
    usage,
  })

/** The events of a stream: the role, a token each, the end. */
export function eventsOf(wanted: Wanted): string[] {
  const event = (choices: object[], counted: object | null = null) =>
    `data: ${JSON.stringify({
      ...head('chat.completion.chunk', wanted.model),
      choices,
      ...(wanted.usage ? { usage: counted } : {}),
    })}\n\n`
  const piece = (delta: object, logprobs: object | null, finish_reason: string | null = null) =>
    event([{ index: 0, delta, logprobs, finish_reason }])
  return [
    piece({ role: 'assistant', content: '', refusal: null }, null),
    ...all.map((i) => piece({ content: word(i) }, logprobsOf([i], wanted))),
    piece({}, null, 'stop'),
    ...(wanted.usage ? [event([], usage)] : []),
    'data: [DONE]\n\n',
  ]
}

/** An event that says when it is sent, in µs of a clock that all processes of a machine share. */
export const stamped = (event: string): string => event.replace(ID, `answer-${String(clockUs()).padStart(16, '0')}`)

/** When each event of a stream was sent. */
export const stampsIn = (text: string): number[] =>
  [...text.matchAll(/"id":"answer-(\d{16})"/g)].map((found) => Number(found[1]))

export const clockUs = (): number => Number(process.hrtime.bigint() / 1000n)
