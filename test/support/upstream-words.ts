/** What an upstream says when all is well. */
export interface Told {
  /** The tokens of the answer, with their log-probabilities; several answers are the same. */
  words?: readonly (readonly [text: string, logprob: number])[]
  /** How log-probabilities are told, where they are asked for. */
  logprobs?: 'told' | 'absent' | 'null' | 'empty' | 'nan'
  tokensAnEvent?: number
  /** In place of a text: the arguments of a call to a tool. */
  tool?: string
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
  const { words = sure } = told
  const text = words.map(([word]) => word).join('')
  const calls = told.tool === undefined ? {} : { tool_calls: [callOf(wanted.model, told.tool)] }
  const content = told.tool === undefined ? text : null
  const said = wanted.chat ? { message: { role: 'assistant', content, refusal: null, ...calls } } : { text }
  return json({
    ...head(wanted, wanted.chat ? 'chat.completion' : 'text_completion'),
    choices: [
      { index: 0, ...said, ...logprobsOf(words, told, wanted), finish_reason: told.tool ? 'tool_calls' : 'stop' },
    ],
    usage: usageOf(words),
    system_fingerprint: 'fp_1',
  })
}

/** The events of a streamed answer as OpenAI gives them, the mark of the end included. */
export function eventsOf(told: Told, wanted: Wanted): string[] {
  const { words = sure, tokensAnEvent = 1 } = told
  const usage = wanted.usage ? { usage: null } : {}
  const event = (choice: object, finish: string | null = null) =>
    json({
      ...head(wanted, wanted.chat ? 'chat.completion.chunk' : 'text_completion'),
      choices: [{ index: 0, ...choice, finish_reason: finish }],
      ...usage,
    })
  const events = wanted.chat ? [event({ delta: { role: 'assistant', content: '' }, logprobs: null })] : []
  for (let at = 0; at < words.length; at += tokensAnEvent) {
    const some = words.slice(at, at + tokensAnEvent)
    const text = some.map(([word]) => word).join('')
    const call = { tool_calls: [{ index: 0, function: { arguments: text } }] }
    const delta = told.tool === undefined ? { content: text } : call
    events.push(event({ ...(wanted.chat ? { delta } : { text }), ...logprobsOf(some, told, wanted) }))
  }
  events.push(event({ ...(wanted.chat ? { delta: {} } : { text: '' }), logprobs: null }, 'stop'))
  if (wanted.usage) events.push(json({ ...head(wanted, 'chat.completion.chunk'), choices: [], usage: usageOf(words) }))
  return [...events, '[DONE]'].map((data) => `data: ${data}\n\n`)
}

const head = ({ model }: Wanted, object: string) => ({ id: `a-${model}`, object, created: 1_700_000_000, model })

const usageOf = (words: Words) => ({
  prompt_tokens: 7,
  completion_tokens: words.length,
  total_tokens: 7 + words.length,
})

const callOf = (model: string, given: string) => ({
  id: `call-${model}`,
  type: 'function',
  function: { name: 'look', arguments: given },
})

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
