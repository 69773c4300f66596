import type { Cell } from './load.ts'

/** A way from the client to the answer. */
export interface Path {
  name: string
  /** Which process is asked. */
  by: 'upstream' | 'pass-through' | 'spillway'
  model: string
  /** Whether the client asks for log-probabilities; the gateway, which needs them, cuts them out for one who does not. */
  logprobs: boolean
  /** What the gateway has to say of the answer. */
  outcome?: 'kept' | 'escalated'
}

export const DIRECT: Path = { name: 'direct', by: 'upstream', model: 'sure', logprobs: true }
export const PASS_THROUGH: Path = { ...DIRECT, name: 'pass-through', by: 'pass-through' }

const kept = (name: string, model: string, logprobs: boolean): Path => ({
  name,
  by: 'spillway',
  model,
  logprobs,
  outcome: 'kept',
})

export const KEEP = kept('keep', 'keep', true)
export const KEEP_CUT = kept('keep, cut', 'keep', false)
export const BUFFER = kept('buffer', 'keep', true)
export const BUFFER_CUT = kept('buffer, cut', 'keep', false)
export const EARLY = kept('early', 'early', true)
const ESCALATE: Path = { name: 'escalate', by: 'spillway', model: 'escalate', logprobs: true, outcome: 'escalated' }

/** Those of an answer that comes as a whole, and of one that comes as a stream. */
export const paths = {
  JSON: [DIRECT, PASS_THROUGH, KEEP, KEEP_CUT, ESCALATE],
  SSE: [DIRECT, PASS_THROUGH, BUFFER, BUFFER_CUT, EARLY, ESCALATE],
} satisfies Record<string, Path[]>

export type Form = keyof typeof paths

const PROMPT_CHARS = 1000

/** What the client asks on a path. */
export const askedOn = (
  { model, logprobs, outcome }: Path,
  form: Form,
  promptChars = PROMPT_CHARS,
): Omit<Cell, 'port' | 'concurrency' | 'ms' | 'most'> => ({
  model,
  stream: form === 'SSE',
  logprobs,
  promptChars,
  ...(outcome === undefined ? {} : { outcome }),
})
