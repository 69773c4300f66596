import type { Cell } from './load.ts'

/** A way from the client to the answer. */
export interface Path {
  name: string
  /** Which process is asked. */
  by: 'upstream' | 'pass-through' | 'spillway'
  model: string
  /** Whether the client asks for log-probabilities; a gateway that needs them cuts them out for one who does not. */
  logprobs: boolean
}

export const PASS_THROUGH: Path = { name: 'pass-through', by: 'pass-through', model: 'sure', logprobs: true }

const common: Path[] = [{ name: 'direct', by: 'upstream', model: 'sure', logprobs: true }, PASS_THROUGH]
const spillway = (name: string, model: string, logprobs = true): Path => ({ name, by: 'spillway', model, logprobs })

/** The answer as a whole, and as a stream. */
export const paths = {
  JSON: [...common, spillway('keep', 'keep'), spillway('keep, cut', 'keep', false), spillway('escalate', 'escalate')],
  SSE: [
    ...common,
    spillway('buffer', 'keep'),
    spillway('buffer, cut', 'keep', false),
    spillway('early', 'early'),
    spillway('early, cut', 'early', false),
    spillway('escalate', 'escalate'),
  ],
} satisfies Record<string, Path[]>

export type Form = keyof typeof paths

export const cellOf = ({ model, logprobs }: Path, form: Form): Omit<Cell, 'port' | 'concurrency' | 'ms' | 'most'> => ({
  model,
  stream: form === 'SSE',
  logprobs,
  promptChars: 1000,
})
