import { setTimeout as wait } from 'node:timers/promises'
import { httpServer, type HttpServer } from './http-server.ts'

interface Request {
  messages?: { content: string }[]
  prompt?: string
  max_tokens?: number
  temperature?: number
  seed?: number
  stop?: string | string[]
  logprobs?: boolean | number
  top_logprobs?: number
  stream?: boolean
  stream_options?: { include_usage?: boolean }
}

interface Token {
  bytes: Buffer
  logprob: number
  top: { bytes: Buffer; logprob: number }[]
}

/** The words a toy model draws from; the flower is cut into two tokens within its bytes. */
const words = [' the', ' river', ' runs', ' over', '\n', ' stones', ' and', ' 🌸', ' sleeps', ' at', ' night', '.']
const END = { text: '<|im_end|>', logprob: -0.01 }

/**
 * A server that speaks OpenAI's two APIs for a toy model: which words it says, and how surely, follows from the prompt,
 * at a temperature also from the seed. Like vLLM it lists the mark of the end and cut stop texts among the tokens.
 */
export const openAiServer = (): Promise<HttpServer> =>
  httpServer(async (response, { path, body }) => {
    const request = JSON.parse(body) as Request
    const chat = path.endsWith('/chat/completions')
    const answer = answerTo(request)
    const choices = answer.steps.map((step) => choiceOf(step, chat, request, true))
    if (request.stream !== true) {
      const whole = {
        text: answer.steps.map(({ text }) => text).join(''),
        tokens: answer.steps.flatMap(({ tokens }) => tokens),
      }
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          object: chat ? 'chat.completion' : 'text_completion',
          choices: [{ ...choiceOf(whole, chat, request, false), finish_reason: answer.finish }],
          usage: answer.usage,
        }),
      )
      return
    }
    response.setHeader('content-type', 'text/event-stream')
    const send = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`)
    for (const choice of choices) {
      send({ choices: [{ ...choice, finish_reason: null }] })
      await wait(1)
    }
    send({ choices: [{ ...choiceOf({ text: '', tokens: [] }, chat, request, true), finish_reason: answer.finish }] })
    if (request.stream_options?.include_usage === true) send({ choices: [], usage: answer.usage })
    response.end('data: [DONE]\n\n')
  })

interface Said {
  text: string
  tokens: Token[]
}

function answerTo(request: Request) {
  const prompt = request.prompt ?? request.messages?.map(({ content }) => content).join('\n') ?? ''
  const next = generator(prompt, request.temperature === 0 ? 0 : (request.seed ?? Math.random() * 1e9))
  const stops = [request.stop ?? []].flat()
  const limit = request.max_tokens ?? 40
  const steps: Said[] = []
  let all = ''
  let finish = 'length'
  let spent = 0
  while (spent < limit) {
    const word = spent > 24 ? undefined : words[Math.floor(next() * words.length)]
    const tokens =
      word === undefined ? [token(Buffer.from(END.text), next)] : cut(word).map((bytes) => token(bytes, next))
    spent += tokens.length
    const found = stops.map((stop) => (all + (word ?? '')).indexOf(stop)).filter((place) => place >= 0)
    const text = found.length > 0 ? (all + word).slice(all.length, Math.min(...found)) : (word ?? '')
    steps.push({ text, tokens })
    all += text
    if (word === undefined || found.length > 0) {
      finish = 'stop'
      break
    }
  }
  const count = prompt.split(/\s+/).length
  return { steps, finish, usage: { prompt_tokens: count, completion_tokens: spent, total_tokens: count + spent } }
}

/** The flower's four bytes are two tokens. */
const cut = (word: string): Buffer[] => {
  const bytes = Buffer.from(word)
  return bytes.length === word.length ? [bytes] : [bytes.subarray(0, 3), bytes.subarray(3)]
}

function token(bytes: Buffer, next: () => number): Token {
  const sure = 0.5 + 0.4 * next()
  const others = [' a', ' of', ' in', ' it', ' we'].map((text, i) => ({
    bytes: Buffer.from(text),
    logprob: Math.log((1 - sure) / 2 ** (i + 1)),
  }))
  const logprob = Math.log(sure)
  return { bytes, logprob, top: [{ bytes, logprob }, ...others].toSorted((a, b) => b.logprob - a.logprob) }
}

function choiceOf({ text, tokens }: Said, chat: boolean, request: Request, piece: boolean) {
  const asked = request.logprobs !== undefined && request.logprobs !== false
  if (chat) {
    const shown = ({ bytes, logprob }: { bytes: Buffer; logprob: number }) => ({
      token: bytes.toString(),
      logprob,
      bytes: [...bytes],
    })
    const content = tokens.map((each) => ({
      ...shown(each),
      top_logprobs: each.top.slice(0, request.top_logprobs ?? 0).map(shown),
    }))
    return {
      index: 0,
      [piece ? 'delta' : 'message']: { role: 'assistant', content: text },
      logprobs: asked ? { content } : null,
    }
  }
  const logprobs = {
    tokens: tokens.map(({ bytes }) => bytes.toString()),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) =>
      Object.fromEntries(
        top.slice(0, Number(request.logprobs)).map(({ bytes, logprob }) => [bytes.toString(), logprob]),
      ),
    ),
  }
  return { index: 0, text, logprobs: asked ? logprobs : null }
}

/** Numbers in [0, 1) that follow from a text and a number, by a linear congruential generator. */
function generator(text: string, seed: number): () => number {
  let state = Math.imul(seed | 0, 2654435761)
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0)!, 16777619)
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
