import { ModelError } from '../models/model-error.ts'
import type { Piece } from '../models/openai/attempt.ts'
import type { ServedModel } from './served.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

/** A model that is left alone for a while once it has failed several times in a row. */
export interface Guarded extends ServedModel {
  state(): BreakerState
}

export interface BreakerOptions {
  /** Failures in a row. */
  failures: number
  /** Before one request may try again. */
  restMs: number
  /** ms, of any origin. */
  now: () => number
}

/** An answer that breaks off counts as one that never began; a refusal that asking again would not mend does not. */
export function guarded(model: ServedModel, { failures, restMs, now }: BreakerOptions): Guarded {
  let inRow = 0
  let restsUntil = -Infinity
  let trying = false

  const state = (): BreakerState => (inRow < failures ? 'closed' : trying || now() >= restsUntil ? 'half-open' : 'open')
  const failed = () => {
    inRow++
    trying = false
    if (inRow >= failures) restsUntil = now() + restMs
  }
  const worked = () => {
    inRow = 0
    trying = false
  }
  const judge = (error: unknown) => {
    if (!(error instanceof ModelError)) trying = false
    else if (error.retryable) failed()
    else worked()
  }

  async function* watched(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    let judged = false
    try {
      for await (const piece of pieces) {
        if (piece.failure !== undefined && !judged) {
          judged = true
          judge(piece.failure)
        }
        yield piece
      }
      if (!judged) worked()
      judged = true
    } catch (error) {
      if (!judged) judge(error)
      judged = true
      throw error
    } finally {
      // Left by its reader: that says nothing about the model.
      if (!judged) trying = false
    }
  }

  return {
    ...model,
    state,
    async exchange(body, options) {
      const before = state()
      if (before === 'open' || (before === 'half-open' && trying))
        throw new ModelError(`${model.name}: it failed ${inRow} times in a row, and is left alone for a while`, {
          place: model.name,
          status: 503,
          afterMs: Math.max(0, restsUntil - now()),
        })
      trying = before === 'half-open'
      // An answer that is dropped before anyone reads it is never judged.
      if (trying) options.signal?.addEventListener('abort', () => (trying = false), { once: true })
      try {
        const exchange = await model.exchange(body, options)
        return { ...exchange, pieces: watched(exchange.pieces) }
      } catch (error) {
        judge(error)
        throw error
      }
    },
  }
}
