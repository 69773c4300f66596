import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { httpServer, type HttpServer } from './http-server.ts'

/** A request as a script sees it. */
export interface Line {
  model: string
  /** The text that is to be answered: the last message, or the prompt as it stands. */
  prompt: string
  /** The whole body, for what else it says. */
  body: Record<string, unknown>
  headers: IncomingHttpHeaders
  chat: boolean
  /** Requests to the same model before this one. */
  before: number
}

/** What the server is to say. */
export interface Said {
  text?: string
  /** Of each word; −0.1 where it is not said. */
  logprobs?: readonly number[]
  /** The alternatives of the first token, in place of made-up ones. */
  top?: readonly (readonly [text: string, logprob: number])[]
  /** Whether the answer has log-probabilities where they are asked for. */
  silent?: boolean
  finish?: string
  /** `undefined` in it: the endpoint does not count. */
  usage?: { prompt_tokens: number; completion_tokens: number } | null
  status?: number
  error?: string
  headers?: Record<string, string>
  /** Cuts the connection instead of an answer. */
  cut?: boolean
}

export interface ScriptedServer extends HttpServer {
  url: string
  /** Every request so far, in order. */
  lines: Line[]
  /** The most requests that were under way at once, by model. */
  peak: Record<string, number>
  /** Requests whose answer has been sent as a whole. */
  answered: Line[]
}

/** An OpenAI-compatible server that says what a test tells it to, and counts who asks. */
export async function scriptedServer(script: (line: Line) => Said | Promise<Said>): Promise<ScriptedServer> {
  const lines: Line[] = []
  const answered: Line[] = []
  const peak: Record<string, number> = {}
  const active: Record<string, number> = {}
  const counts: Record<string, number> = {}
  const server = await httpServer(async (response, { path, body: text, headers }) => {
    const body = JSON.parse(text) as Record<string, unknown>
    const model = String(body.model)
    const messages = body.messages as { content: string }[] | undefined
    const line: Line = {
      model,
      prompt: messages?.at(-1)?.content ?? String(body.prompt),
      body,
      headers,
      chat: path.split('?')[0].endsWith('/chat/completions'),
      before: counts[model] ?? 0,
    }
    counts[model] = line.before + 1
    lines.push(line)
    active[model] = (active[model] ?? 0) + 1
    peak[model] = Math.max(peak[model] ?? 0, active[model])
    response.on('close', () => (active[model] -= 1)).on('finish', () => answered.push(line))
    const said = await script(line)
    if (!response.destroyed) say(response, line, said)
  })
  return { ...server, url: `${server.origin}/v1`, lines, peak, answered }
}

function say(response: ServerResponse, { chat, body, prompt }: Line, said: Said): void {
  if (said.cut === true) {
    response.destroy()
    return
  }
  const { text = 'yes', finish = 'stop', status = 200 } = said
  response.writeHead(status, { 'content-type': 'application/json', ...said.headers })
  if (said.error !== undefined || status >= 400) {
    response.end(JSON.stringify({ error: { message: said.error ?? 'no' } }))
    return
  }
  const tokens = tokensOf(said)
  const asked = said.silent !== true && body.logprobs !== undefined && body.logprobs !== false
  const choice = chat
    ? { message: { role: 'assistant', content: text }, logprobs: asked ? { content: tokens.map(chatToken) } : null }
    : { text, logprobs: asked ? columns(tokens) : null }
  const usage =
    said.usage === undefined ? { prompt_tokens: prompt.length, completion_tokens: tokens.length } : said.usage
  response.end(JSON.stringify({ model: body.model, choices: [{ index: 0, ...choice, finish_reason: finish }], usage }))
}

interface Token {
  text: string
  logprob: number
  top: readonly (readonly [text: string, logprob: number])[]
}

/** Words are tokens. */
function tokensOf({ text = 'yes', logprobs = [], top }: Said): Token[] {
  return (text.match(/\s*\S+|\s+$/g) ?? []).map((word, place) => {
    const logprob = logprobs[place] ?? -0.1
    const others = ['a', 'b', 'c', 'd'].map((each, i) => [`~${each}`, Math.log1p(-Math.exp(logprob)) - i - 1] as const)
    return { text: word, logprob, top: (place === 0 ? top : undefined) ?? [[word, logprob], ...others] }
  })
}

const chatToken = ({ text, logprob, top }: Token) => ({
  token: text,
  logprob,
  bytes: [...Buffer.from(text)],
  top_logprobs: top.map(([token, each]) => ({ token, logprob: each, bytes: [...Buffer.from(token)] })),
})

const columns = (tokens: readonly Token[]) => ({
  tokens: tokens.map(({ text }) => text),
  token_logprobs: tokens.map(({ logprob }) => logprob),
  top_logprobs: tokens.map(({ top }) => Object.fromEntries(top)),
})
