/** What an upstream says when all is well. */
export interface Told {
  /** The tokens of the answer, with their log-probabilities; several answers are the same. */
  words?: readonly (readonly [text: string, logprob: number])[]
  /** How log-probabilities are told, where they are asked for. */
  logprobs?: 'told' | 'absent' | 'null' | 'empty' | 'nan'
  tokensAnEvent?: number
  /** The arguments of a call to the tool `look` that follows the words, in tokens as well. */
  call?: Words
}

/** What a request wants to be told. */
export interface Wanted {
  chat: boolean
  stream: boolean
  usage: boolean
  model: string
  /** How many alternatives; `undefined`: no log-probabilities. */
  top?: number
}

type Words = NonNullable<Told['words']>

export const sure: Words = [
  ['Grüße', -0.1],
  [' 🙂', -0.2],
  [' done', -0.3],
]
export const unsure: Words = [
  ['no', -2],
  [' idea', -3],
]

/** A whole answer as OpenAI gives it. */
export function answerOf(told: Told, wanted: Wanted): string {
  const { words = sure, call = [] } = told
  const calls = told.call === undefined ? {} : { tool_calls: [{ ...callOf(wanted), function: look(textOf(call)) }] }
  const content = told.call === undefined || words.length > 0 ? textOf(words) : null
  const said = wanted.chat
    ? { message: { role: 'assistant', content, refusal: null, ...calls } }
    : { text: textOf(words) }
  const all = [...words, ...call]
  return json({
    ...head(wanted, wanted.chat ? 'chat.completion' : 'text_completion'),
    choices: [{ index: 0, ...said, ...logprobsOf(all, told, wanted), finish_reason: finishOf(told) }],
    usage: usageOf(all),
    system_fingerprint: 'fp_1',
  })
}

/** The events of a streamed answer as OpenAI gives them, the mark of the end included. */
export function eventsOf(told: Told, wanted: Wanted): string[] {
  const { words = sure, call = [], tokensAnEvent = 1 } = told
  const usage = wanted.usage ? { usage: null } : {}
  const event = (choice: object, finish: string | null = null) =>
    json({
      ...head(wanted, wanted.chat ? 'chat.completion.chunk' : 'text_completion'),
      choices: [{ index: 0, ...choice, finish_reason: finish }],
      ...usage,
    })
  const pieces = (tokens: Words, said: (text: string) => object) => {
    for (let at = 0; at < tokens.length; at += tokensAnEvent) {
      const some = tokens.slice(at, at + tokensAnEvent)
      events.push(event({ ...said(textOf(some)), ...logprobsOf(some, told, wanted) }))
    }
  }
  const calls = (call: object) => ({ delta: { tool_calls: [{ index: 0, ...call }] } })
  const events = wanted.chat ? [event({ delta: { role: 'assistant', content: '' }, logprobs: null })] : []
  pieces(words, (text) => (wanted.chat ? { delta: { content: text } } : { text }))
  if (told.call !== undefined) events.push(event(calls({ ...callOf(wanted), function: look('') })))
  pieces(call, (text) => calls({ function: { arguments: text } }))
  events.push(event({ ...(wanted.chat ? { delta: {} } : { text: '' }), logprobs: null }, finishOf(told)))
  if (wanted.usage) {
    const count = usageOf([...words, ...call])
    events.push(json({ ...head(wanted, 'chat.completion.chunk'), choices: [], usage: count }))
  }
  return [...events, '[DONE]'].map((data) => `data: ${data}\n\n`)
}

const textOf = (words: Words): string => words.map(([word]) => word).join('')

const finishOf = ({ call }: Told): string => (call === undefined ? 'stop' : 'tool_calls')

const head = ({ model }: Wanted, object: string) => ({ id: `a-${model}`, object, created: 1_700_000_000, model })

const usageOf = (words: Words) => ({
  prompt_tokens: 7,
  completion_tokens: words.length,
  total_tokens: 7 + words.length,
})

const callOf = ({ model }: Wanted) => ({ id: `call-${model}`, type: 'function' })

const look = (given: string) => ({ name: 'look', arguments: given })

function logprobsOf(words: Words, { logprobs = 'told' }: Told, { chat, top }: Wanted): object {
  if (top === undefined || logprobs === 'null') return { logprobs: null }
  if (logprobs === 'absent') return {}
  const told = logprobs === 'empty' ? [] : words
  const shown = (logprob: number) => (logprobs === 'nan' ? NaN : logprob)
  if (chat)
    return {
      logprobs: {
        content: told.map(([word, logprob]) => ({
          ...tokenOf(word, shown(logprob)),
          top_logprobs: alternativesOf(word, logprob, top).map(([text, each]) => tokenOf(text, shown(each))),
        })),
        refusal: null,
      },
    }
  return {
    logprobs: {
      tokens: told.map(([word]) => word),
      token_logprobs: told.map(([, logprob]) => shown(logprob)),
      top_logprobs: told.map(([word, logprob]) => Object.fromEntries(alternativesOf(word, logprob, top))),
    },
  }
}

const tokenOf = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] })

/** The token itself is the likeliest; what is left is dealt out among the others. */
const alternativesOf = (word: string, logprob: number, top: number): (readonly [string, number])[] =>
  Array.from({ length: top }, (_, i) =>
    i === 0 ? [word, logprob] : [`~${i}`, Math.min(logprob, Math.log1p(-Math.exp(Math.min(logprob, -0.01)))) - i],
  )

/** JSON as Python writes it: with NaN. */
const NOT_A_NUMBER = '\u0000NaN'
const json = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (Number.isNaN(each) ? NOT_A_NUMBER : each)).replaceAll(
    JSON.stringify(NOT_A_NUMBER),
    'NaN',
  )
