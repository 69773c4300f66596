import { Pool } from 'undici'
import { CLIENT_LEFT } from '../../src/cascade/record.ts'
import { dataOf } from './client.ts'
import type { Told } from './upstream-words.ts'
import { oddityOf } from './load-faults.ts'

/** What became of a request. */
export type Fate = 'answered' | 'refused' | 'broken off' | 'left'

export interface Heard {
  fate: Fate
  /** The number in its id; −1: it has none. */
  id: number
  status: number
  /** Where it is no answer, no clear error, or one to another question: what it is. */
  wrong?: string
}

/** 32 bits of no visible order. */
const hashOf = (n: number): number => Math.imul(n + 1, 2654435761) >>> 0
/** Nothing else has this in it. */
export const markerOf = (n: number): string => `<${String(n).padStart(6, '0')}:${hashOf(n).toString(36)}>`
export const numberIn = (text: string): number => Number(/<(\d{6}):/.exec(text)?.[1])

/** What a model says to a question: who it is, the question's marker, and a few words more. */
export const wordsOf = (stage: string, n: number, logprob: number): NonNullable<Told['words']> =>
  [`${stage} `, markerOf(n), ' and', ' so', ' on', '.'].map((word) => [word, logprob] as const)
const answersTo = (n: number): string[] =>
  ['small', 'large'].map((stage) =>
    wordsOf(stage, n, 0)
      .map(([word]) => word)
      .join(''),
  )

/** How a question is asked, and whether the small model is sure of its answer. */
export const mannerOf = (n: number) => ({
  stream: hashOf(n) % 2 === 0,
  mode: hashOf(n) % 3 === 0 ? 'early' : 'buffer',
  sure: hashOf(n) % 5 > 1,
})

/** Asks many questions over connections that stay open. */
export function manyAsker(origin: string, connections: number) {
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const leaving = new Map<number, AbortController>()

  async function ask(n: number): Promise<Heard> {
    const { stream, mode } = mannerOf(n)
    const { leaves } = oddityOf(n)
    const controller = leaves === undefined ? undefined : new AbortController()
    if (controller !== undefined) leaving.set(n, controller)
    const body = JSON.stringify({ model: 'cascade', stream, messages: [{ role: 'user', content: markerOf(n) }] })
    const headers = { 'content-type': 'application/json', 'x-spillway-mode': mode }
    try {
      const path = '/v1/chat/completions'
      const response = await pool.request({ path, method: 'POST', headers, body, signal: controller?.signal })
      if (leaves === 'told') controller?.abort()
      const text = await response.body.text()
      return judged(n, response.statusCode, Number(String(response.headers['x-spillway-id']).slice(3)), text)
    } catch (error) {
      if (controller?.signal.aborted === true) return { fate: 'left', id: -1, status: CLIENT_LEFT }
      return { fate: 'refused', id: -1, status: 0, wrong: `${n}: ${String(error)}` }
    } finally {
      leaving.delete(n)
    }
  }
  return { ask, leave: (n: number) => leaving.get(n)?.abort(), close: () => pool.destroy() }
}

interface Chunk {
  error?: { message?: unknown }
  choices?: { message?: { content: string }; delta?: { content?: string } }[]
}

/** An answer is one of the two to its question, whole; an error says what is wrong; a stream without its end has one. */
function judged(n: number, status: number, id: number, text: string): Heard {
  const events = text.startsWith('{') ? [text] : dataOf(text)
  const ends = events.filter((data) => data === '[DONE]').length
  const parts = events.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Chunk)
  const said = parts
    .flatMap(({ choices }) => choices ?? [])
    .map(({ message, delta }) => (message ?? delta)?.content ?? '')
    .join('')
    // An answer without an end is its first word over and over.
    .replace(/^(small |large )\1+/, '$1')
  const errors = parts.flatMap(({ error }) => error ?? [])
  const clear = errors.length === 1 && typeof errors[0].message === 'string' && errors[0].message !== ''
  const heard = (fate: Fate, right: boolean): Heard => ({
    fate,
    id,
    status,
    ...(right ? {} : { wrong: `${n}: ${status} ${text}` }),
  })
  if (status !== 200) return heard('refused', clear && said === '' && parts.length === 1)
  if (errors.length > 0)
    return heard('broken off', clear && ends === 0 && answersTo(n).some((answer) => answer.startsWith(said)))
  return heard('answered', answersTo(n).includes(said) && ends === (text.startsWith('{') ? 0 : 1))
}
