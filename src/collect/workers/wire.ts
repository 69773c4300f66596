import { createHash } from 'node:crypto'
import { ModelError } from '../../models/model-error.ts'
import type { Call, CallResult, Role } from '../call.ts'

/** A call on its way to a worker, with what the collection keeps of its answer. No key and no price goes with it. */
export interface Errand {
  call: Call
  signals: readonly string[]
  keepTokens: boolean
}

/** What comes back. That a model fails is news like any other, so that it takes the same way. */
export type Reply = { result: CallResult } | { failure: Failure }

/** A ModelError as data. */
export interface Failure {
  message: string
  place: string
  status?: number
  retryable: boolean
}

/** The form of errands and replies: Spillways that do not speak the same one do not meet. */
const FORM = 1

/** Calls of different roles and models never meet in one queue. */
export const queueName = (role: Role, { identity, form }: { identity: string; form: string }): string =>
  `${role}-${createHash('sha256')
    .update(JSON.stringify([FORM, identity, form]))
    .digest('base64url')
    .slice(0, 16)}`

export const failureOf = ({ message, place, status, retryable }: ModelError): Failure => ({
  message,
  place,
  status,
  retryable,
})

export const errorOf = ({ message, ...facts }: Failure): ModelError => new ModelError(message, facts)

const MOST_BYTES = 8 * 2 ** 20

/** Redis keeps replies in memory: a longer one is none. */
export function bounded(reply: Reply, place: string): Reply {
  const bytes = Buffer.byteLength(JSON.stringify(reply))
  if (bytes <= MOST_BYTES) return reply
  const message = `${place}: the answer with all that is kept of it has ${(bytes / 2 ** 20).toFixed(1)} MiB, and workers send at most ${MOST_BYTES / 2 ** 20}; lower --max-tokens, or leave out --keep-tokens`
  return { failure: { message, place, retryable: false } }
}
