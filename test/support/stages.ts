import type { Policy } from '../../src/core/policy/policy.ts'
import type { Part, Stage } from '../../src/cascade/stage.ts'
import { ModelError } from '../../src/models/model-error.ts'
import type { ModelEvent } from '../../src/models/model.ts'
import type { Price } from '../../src/models/price.ts'
import type { Stop } from '../../src/models/stop.ts'

/** One step of a scripted stage: a part, a wait, or a failure. */
export type Step = Part | { waitMs: number } | { fails: string } | { throws: Error }

export interface ScriptedStage extends Stage<Part, string> {
  /** How often it was asked, and which of its steps were read. */
  asked: number
  read: number
  aborted: boolean
}

export const token = (logprob: number | undefined, text = 'x'): Part => ({
  events: [
    { type: 'text', text },
    { type: 'token', token: { text, ...(logprob === undefined ? {} : { logprob }) } },
  ],
})
export const ended = (outputTokens = 3): Part => ({
  events: [
    { type: 'usage', usage: { inputTokens: 10, outputTokens } },
    { type: 'finish', reason: 'stop' },
  ],
})
/** A whole answer in one part. */
export const whole = (...parts: Part[]): Part => ({ events: parts.flatMap(({ events }) => events) })
export const fault = (text = 'it broke'): ModelError => new ModelError(text, { place: 'here', retryable: true })

/** A stage that goes through its steps, and notes how far it got. */
export function stageOf(
  name: string,
  steps: readonly Step[],
  { policy, price, refuses }: { policy?: Policy; price?: Price; refuses?: Error } = {},
): ScriptedStage {
  const stage: ScriptedStage = {
    name,
    model: `${name}-model`,
    asked: 0,
    read: 0,
    aborted: false,
    ...(price === undefined ? {} : { price }),
    ...(policy === undefined ? {} : { keep: { policy } }),
    async ask(signal) {
      stage.asked++
      signal.addEventListener('abort', () => (stage.aborted = true))
      if (refuses !== undefined) throw refuses
      return { meta: name, parts: play(signal) }
    },
  }
  async function* play(signal: Stop): AsyncGenerator<Part> {
    for (const step of steps) {
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      stage.read++
      if ('waitMs' in step) await pause(step.waitMs, signal)
      else if ('throws' in step) throw step.throws
      else if ('fails' in step) yield { events: [], failure: fault(step.fails) }
      else yield step
    }
  }
  return stage
}

const pause = (ms: number, signal: Stop) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

export const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('')
