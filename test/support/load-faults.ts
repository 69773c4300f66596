import type { Said } from './upstream.ts'

const error = JSON.stringify({ error: { message: 'too much', type: 'overloaded', code: 'busy' } })
const page = { body: '<html><title>Hi</title>', headers: { 'content-type': 'text/html' } }

/** What can go wrong with one call, and does not take seconds. */
const faults: Said[] = [
  { ends: 'reset' },
  { ends: 'reset', after: 2 },
  { ends: 'cut' },
  { ends: 'cut', after: 2 },
  { ends: 'stall' },
  { ends: 'stall', after: 2 },
  { ends: 'error', after: 1 },
  { ends: 'error', after: 4 },
  { ends: 'forever', after: 2 },
  { ends: 'huge', after: 1 },
  { status: 500, body: error },
  { status: 502, ...page },
  { status: 429, body: error, headers: { 'retry-after': '1' } },
  { status: 400, body: error },
  { status: 307, body: '', headers: { location: 'http://127.0.0.1:9/v1' } },
  { body: error },
  { body: 'hello' },
  { body: '' },
  { body: '{"choices":[{"mess' },
  { body: '{"choices":[]}' },
  page,
  { headers: { 'content-encoding': 'gzip' } },
  { headers: { 'content-type': 'text/plain' } },
  { logprobs: 'absent' },
  { logprobs: 'null' },
  { logprobs: 'empty' },
  { logprobs: 'nan' },
  { firstMs: 50 },
  { bytesAtATime: 9 },
  { tokensAnEvent: 20 },
]

/** What is special about one request of many. */
export interface Oddity {
  /** Who has the fault. */
  at?: 'small' | 'large'
  fault?: Said
  /** The client goes as soon as a model has been asked, or once it has heard something. */
  leaves?: 'asked' | 'told'
}

const oddities: Oddity[] = [
  ...faults.flatMap((fault): Oddity[] => [
    { at: 'small', fault },
    { at: 'large', fault },
  ]),
  { leaves: 'asked', fault: { firstMs: 1000 } },
  { leaves: 'told', fault: { ends: 'stall', after: 4 } },
]

/** One request in ten is odd, in turn in every way that there is. */
export const oddityOf = (n: number): Oddity => (n % 10 === 3 ? oddities[Math.floor(n / 10) % oddities.length] : {})
