import { SpillwayError } from '../core/errors.ts'
import type { ModelError } from '../models/model-error.ts'
import type { Call, Role } from './call.ts'

/** Tells failures that concern one question from those that will befall every other one. */
export interface OutageWatch {
  /** Whether the model has answered a call of this kind. */
  hasAnswered: (call: Call) => boolean
  answered: (call: Call) => void
  /**
   * @param before whether the same call has failed in an earlier run
   * @returns what to stop with, where asking on would be of no use
   */
  failed: (call: Call, error: ModelError, before: boolean) => Error | undefined
}

/** So many failures in a row, and no success between, are an outage. */
const OUTAGE = 20
/** So many, where not a single call of this kind has been answered yet. */
const ATTEMPTS = 3
/** Answers of HTTP that no other question will change: the key, the account, the address or the model's name is wrong. */
const refusals = new Set([401, 402, 403, 404])

/** @param concurrency of each model: so many failures at once are one */
export function outageWatch(concurrency: Record<Role, number>): OutageWatch {
  // A server may take questions, but no request for 20 alternatives.
  const kindOf = ({ role, purpose }: Call) => `${role} ${purpose}`
  const working = new Set<string>()
  const failing = new Map<string, number>()
  return {
    hasAnswered: (call) => working.has(kindOf(call)),
    answered(call) {
      working.add(kindOf(call))
      failing.delete(kindOf(call))
    },
    failed(call, error, before) {
      const kind = kindOf(call)
      const count = (failing.get(kind) ?? 0) + 1
      // A question that is refused time and again, since it is too long, says nothing about others.
      if (working.has(kind) || before) {
        if (!error.retryable && !isDown(error)) return undefined
        failing.set(kind, count)
        return count >= Math.max(OUTAGE, 2 * concurrency[call.role]) ? outage(call.role, count, error) : undefined
      }
      failing.set(kind, count)
      return count >= ATTEMPTS || isDown(error) ? error : undefined
    },
  }
}

/** Nobody listens there, or nobody who knows this key or model, or the account is empty. */
const isDown = ({ status, retryable }: ModelError): boolean =>
  status === undefined ? retryable : refusals.has(status) || (status === 429 && !retryable)

const outage = (role: Role, count: number, error: ModelError): SpillwayError =>
  new SpillwayError(
    'model',
    `the ${role} model has failed ${count} times in a row; finished calls are kept, and the same command goes on from here. The last error: ${error.message}`,
    { cause: error },
  )
