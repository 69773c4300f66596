import { createParser } from 'eventsource-parser'

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** Of a stream, the data of its events as a client reads them. */
  data: string[]
}

export interface AskOptions {
  path?: string
  method?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Someone who asks a gateway. */
export interface Client {
  /** Begins to ask: the head of the answer. */
  begin: (body: object | string, options?: AskOptions) => Promise<Response>
  ask: (body: object | string, options?: AskOptions) => Promise<Reply>
  /** A page, such as /healthz. */
  get: (path: string, headers?: Record<string, string>) => Promise<Reply>
}

export const chat = (more: object = {}): object => ({
  model: 'cascade',
  messages: [{ role: 'user', content: 'What is it?' }],
  ...more,
})

/** @param origin such as http://127.0.0.1:40123 */
export function clientOf(origin: string): Client {
  const begin: Client['begin'] = (body, options = {}) => {
    const { path = '/v1/chat/completions', method = 'POST', headers, signal } = options
    return fetch(`${origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal,
    })
  }
  const ask: Client['ask'] = async (body, options) => replyOf(await begin(body, options))
  return { begin, ask, get: (path, headers) => ask('', { method: 'GET', path, headers }) }
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, data: dataOf(text) }
}

/** The data of events, joined as the standard says. */
export function dataOf(text: string): string[] {
  const data: string[] = []
  createParser({ onEvent: (event) => data.push(event.data) }).feed(text)
  return data
}

/** The text of an answer, streamed or not. */
export function textOf({ text, data }: Reply): string {
  const parts = data.length > 0 ? data.filter((each) => each !== '[DONE]') : [text]
  return parts
    .flatMap((part) => (JSON.parse(part) as { choices?: Choice[] }).choices ?? [])
    .map(({ message, delta, text: own }) => own ?? (message ?? delta)?.content ?? '')
    .join('')
}

interface Choice {
  message?: { content?: string }
  delta?: { content?: string }
  text?: string
}

/** The error in a body, or in a stream's last event. */
export function errorOf({ text, data }: Reply): { message: string; type: string; code: string | null } | undefined {
  return (JSON.parse(data.at(-1) ?? text) as { error?: ReturnType<typeof errorOf> }).error
}
