import { SpillwayError } from '../../core/errors.ts'
import { revealed, Secret } from '../secret.ts'
import { secretsIn, secretsOf } from './secrets.ts'

/** The two ways to ask: for a reply to messages, or for how a text goes on. */
export type Api = 'chat' | 'completions'

/** Further things that a server may offer, which are passed on unread. */
export type UnreadApi = 'embeddings' | 'responses'

const paths: Record<Api | UnreadApi, string> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  responses: '/responses',
}

/** Where and as whom a server is asked. */
export interface Endpoint {
  origin: string
  /** What is sent, keys included: functions, since what holds them is never printed. */
  headers(): Readonly<Record<string, string>>
  /** What no message may show. */
  secrets(): readonly string[]
  /** Path and query. */
  pathOf(api: Api | UnreadApi): string
  /** The address as messages show it: without the query. */
  placeOf(api: Api | UnreadApi): string
}

export interface EndpointOptions {
  url: string
  key?: string | Secret
  headers?: Readonly<Record<string, string | Secret>>
  query?: Readonly<Record<string, string>>
}

/** @throws SpillwayError `usage` where the base URL is none */
export function endpointOf({ url, key, headers, query }: EndpointOptions): Endpoint {
  const base = parse(url)
  // The address of one API, pasted as it stands in a manual, is taken for its base.
  const root = base.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/)?completions$/, '')
  for (const [name, value] of Object.entries(query ?? {})) base.searchParams.set(name, value)
  const bearer = revealed(key ?? '').trim()
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name, revealed(value)] as const)
  const all = {
    'content-type': 'application/json',
    'user-agent': 'spillway',
    ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
    ...sendable(Object.fromEntries(own)),
  }
  // What a header is called says little about what is in it.
  const marked = Object.values(headers ?? {}).flatMap((value) =>
    value instanceof Secret ? secretsIn(value.reveal()) : [],
  )
  const secrets = [...secretsOf(all), ...marked, ...secretsOf(Object.fromEntries(base.searchParams))]
  return {
    origin: base.origin,
    headers: () => all,
    secrets: () => secrets,
    pathOf: (api) => `${root}${paths[api]}${base.search}`,
    placeOf: (api) => `${base.origin}${root}${paths[api]}`,
  }
}

function parse(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol))
    throw new SpillwayError('usage', `a model's URL must begin with http:// or https://, as http://localhost:11434/v1`)
  if (base.username !== '' || base.password !== '')
    throw new SpillwayError('usage', `${base.host}: a model's URL cannot hold a password; give it as a key or a header`)
  return base
}

/** What belongs to one connection, or would make the answer's bytes something else than its text. */
const notOurs =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length|accept-encoding)$/

/** Headers in lower case, so that a later one replaces an earlier one, without those that are not ours to send. */
export const sendable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => !notOurs.test(name)),
  )
