import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TokenStep } from '../../src/core/signals/trace.ts'
import type { Model, ModelRequest, Usage } from '../../src/models/model.ts'

export interface PairServer {
  url: string
  /** Requests answered so far. */
  requests: () => number
  close: () => Promise<void>
}

interface Body {
  model: string
  prompt?: string
  messages?: { role: 'system' | 'user' | 'assistant'; content: string }[]
  max_tokens?: number
  temperature?: number
  seed?: number
  stop?: string[]
  stream?: boolean
  /** Completions: alternatives a token; chat: whether. */
  logprobs?: number | boolean
  top_logprobs?: number
}

/** An OpenAI-compatible server over real models, with their real log-probabilities. A chat's last message is the prompt. */
export async function servePair(models: Record<string, Model>): Promise<PairServer> {
  let requests = 0
  const server = createServer((request, response) => {
    answer(models, request, response)
      .then(() => (requests += 1))
      .catch((error: unknown) => response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } })))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function answer(
  models: Record<string, Model>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = JSON.parse(await text(request)) as Body
  if (!Object.hasOwn(models, body.model)) {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: `model ${body.model} not found` } }))
    return
  }
  const chat = request.url?.endsWith('/chat/completions') === true
  const wanted = chat ? (body.logprobs === true ? (body.top_logprobs ?? 0) : undefined) : (body.logprobs as number)
  const asked: ModelRequest = {
    prompt: chat ? (body.messages?.at(-1)?.content ?? '') : (body.prompt ?? ''),
    maxTokens: body.max_tokens,
    temperature: body.temperature,
    seed: body.seed,
    stop: body.stop,
    topLogprobs: wanted,
  }
  const tokens: TokenStep[] = []
  let usage: Usage = { inputTokens: 0, outputTokens: 0 }
  let reason = 'stop'
  const write = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`)
  if (body.stream === true) response.writeHead(200, { 'content-type': 'text/event-stream' })
  for await (const event of models[body.model].generate(asked)) {
    if (event.type === 'token') tokens.push(event.token)
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'finish') reason = event.reason
    if (body.stream === true && event.type === 'token')
      write({ choices: [choice(chat, true, [event.token], wanted, null)] })
  }
  const counted = {
    usage: { prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens },
  }
  if (body.stream === true) {
    write({ choices: [choice(chat, true, [], undefined, reason)] })
    write({ choices: [], ...counted })
    response.end('data: [DONE]\n\n')
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({ model: body.model, choices: [choice(chat, false, tokens, wanted, reason)], ...counted }),
  )
}

function choice(
  chat: boolean,
  stream: boolean,
  tokens: TokenStep[],
  wanted: number | undefined,
  reason: string | null,
) {
  const content = tokens.map((token) => token.text ?? '').join('')
  const message = chat ? { [stream ? 'delta' : 'message']: { role: 'assistant', content } } : { text: content }
  return {
    index: 0,
    ...message,
    logprobs: wanted === undefined ? null : logprobsOf(chat, tokens),
    finish_reason: reason,
  }
}

const logprobsOf = (chat: boolean, tokens: TokenStep[]) =>
  chat
    ? {
        content: tokens.map((token) => ({
          token: token.text,
          logprob: token.logprob,
          top_logprobs: pairs(token).map(([each, logprob]) => ({ token: each, logprob })),
        })),
      }
    : {
        tokens: tokens.map((token) => token.text),
        token_logprobs: tokens.map((token) => token.logprob),
        top_logprobs: tokens.map((token) => Object.fromEntries(pairs(token))),
      }

const pairs = ({ alternatives = [], alternativeTexts = [] }: TokenStep): [string, number][] =>
  alternatives.map((log, place) => [alternativeTexts[place] ?? '', Math.max(log, -9999)])
