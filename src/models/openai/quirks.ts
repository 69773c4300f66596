import { LIMIT, NEWER_LIMIT, type Body } from './request-body.ts'
import type { ServerSaid } from './server-said.ts'

/** What one server does not take, as it is found out. */
export interface Quirks {
  /** The body as this server takes it. */
  apply(body: Body): Body
  /** Whether a refusal taught something, so that the request is to be made again. */
  learn(sent: Body, status: number, said: ServerSaid): boolean
}

/**
 * Fields that a request can do without, and what that means; the more specific first, since a message may name two.
 */
const optional = {
  top_logprobs: 'without alternatives there are no entropies and margins from this model',
  logprobs: 'without log-probabilities there are no signals from this model',
  [LIMIT]: `it is sent as ${NEWER_LIMIT}`,
  temperature: "answers are sampled at the server's own temperature",
  seed: 'answers may differ from run to run',
  stop: 'answers go on beyond the texts that were to end them',
  stream_options: 'streamed answers may come without a count of tokens',
} satisfies Record<string, string>

type Optional = keyof typeof optional

/** @param onNotice told once of each field that is left out or renamed from now on */
export function quirksOf(onNotice: (text: string) => void): Quirks {
  const refused = new Set<Optional>()
  return {
    apply(body) {
      if (refused.size === 0) return body
      const taken = { ...body }
      for (const name of refused) {
        if (name === LIMIT && name in body) taken[NEWER_LIMIT] = body[name]
        delete taken[name]
      }
      // Alternatives are a detail of log-probabilities, and refused without them.
      if (!('logprobs' in taken)) delete taken.top_logprobs
      return taken
    },
    learn(sent, status, said) {
      if (![400, 403, 404, 422, 501].includes(status) || !saysUnsupported(said)) return false
      const name = named(sent, said)
      if (name === undefined) return false
      if (!refused.has(name)) onNotice(`the server does not take ${name}; ${optional[name]}`)
      refused.add(name)
      return true
    },
  }
}

const unsupported =
  /unsupported|not (?:be )?(?:supported|allowed|permitted|enabled|available|implemented|accepted)|n[o']t support|unrecogni[sz]ed|unknown|unexpected|extra (?:inputs|fields)|extra_forbidden|only the default/i

const saysUnsupported = ({ message, code, type }: ServerSaid): boolean =>
  [message, code, type].some((each) => each !== undefined && unsupported.test(each))

/** Which of the fields that were sent is to blame. */
function named(sent: Body, { param, message }: ServerSaid): Optional | undefined {
  const candidates = (Object.keys(optional) as Optional[])
    .filter((name) => name in sent)
    // Only chats have another name for it.
    .filter((name) => name !== LIMIT || 'messages' in sent)
  const field = param?.split('.').at(-1)
  if (field !== undefined && field !== '') return candidates.find((name) => name === field)
  return candidates.find((name) => mention(name).test(message))
}

/** A name that is also a plain word counts in quotation marks, in a path as FastAPI gives, or as what it is. */
const mention = (name: Optional): RegExp =>
  name === 'stop' || name === 'seed'
    ? new RegExp(`['"\`.]${name}['"\`:]|\\b${name} (?:parameter|sequence)`, 'i')
    : new RegExp(`\\b${name}\\b`, 'i')
