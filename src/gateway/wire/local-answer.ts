import type { TokenStep } from '../../core/signals/trace.ts'
import type { FinishReason, Usage } from '../../models/model.ts'

/** What every part of one answer says of it. */
export interface Naming {
  id: string
  model: string
  /** Seconds since 1970. */
  created: number
  chat: boolean
  /** How many alternatives are told; `undefined`: no log-probabilities. */
  logprobs: number | undefined
}

export interface Answered {
  text: string
  tokens: TokenStep[]
  usage: Usage | undefined
  finish: FinishReason
}

const finishWord = (reason: FinishReason): string => (reason === 'other' ? 'content_filter' : reason)

const head = ({ id, model, created }: Naming, object: string) => ({ id, object, created, model })

/** A whole answer. */
export const wholeOf = (naming: Naming, { text, tokens, usage, finish }: Answered): object => ({
  ...head(naming, naming.chat ? 'chat.completion' : 'text_completion'),
  choices: [
    {
      index: 0,
      ...(naming.chat ? { message: { role: 'assistant', content: text } } : { text }),
      logprobs: logprobsOf(naming, tokens),
      finish_reason: finishWord(finish),
    },
  ],
  usage: usageOf(usage),
})

/** A piece of a streamed answer. */
export const chunkOf = (
  naming: Naming,
  text: string,
  tokens: readonly TokenStep[],
  finish: string | null = null,
): object => ({
  ...head(naming, naming.chat ? 'chat.completion.chunk' : 'text_completion'),
  choices: [
    {
      index: 0,
      ...(naming.chat ? { delta: finish === null ? { role: 'assistant', content: text } : {} } : { text }),
      logprobs: finish === null ? logprobsOf(naming, tokens) : null,
      finish_reason: finish,
    },
  ],
})

/** How a streamed answer ends: why, and on how many tokens. */
export const endOf = (naming: Naming, { usage, finish }: Answered): object[] => [
  chunkOf(naming, '', [], finishWord(finish)),
  { ...head(naming, naming.chat ? 'chat.completion.chunk' : 'text_completion'), choices: [], usage: usageOf(usage) },
]

const usageOf = (usage: Usage | undefined) => {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {}
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}

function logprobsOf({ chat, logprobs }: Naming, tokens: readonly TokenStep[]): object | null {
  if (logprobs === undefined) return null
  if (chat) return { content: tokens.map(chatToken), refusal: null }
  return {
    tokens: tokens.map(({ text }) => text ?? ''),
    token_logprobs: tokens.map(({ logprob }) => logprob ?? null),
    top_logprobs: logprobs === 0 ? null : tokens.map((each) => Object.fromEntries(alternativesOf(each))),
  }
}

const chatToken = (step: TokenStep) => ({
  ...tokenOf(step.text ?? '', step.logprob ?? null),
  top_logprobs: alternativesOf(step).map(([text, logprob]) => tokenOf(text, logprob)),
})

const tokenOf = (token: string, logprob: number | null) => ({ token, logprob, bytes: [...Buffer.from(token)] })

/** Those that are possible at all: JSON has no word for a log-probability of -Infinity. */
const alternativesOf = ({ alternatives = [], alternativeTexts = [] }: TokenStep): [string, number][] =>
  alternatives
    .map((logprob, i): [string, number] => [alternativeTexts[i] ?? '', logprob])
    .filter(([, logprob]) => Number.isFinite(logprob))
