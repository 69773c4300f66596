import { ModelError } from '../models/model-error.ts'
import type { Piece } from '../models/openai/attempt.ts'
import type { ServedModel } from './served.ts'

/** `closed`: requests pass; `open`: none does; `half-open`: one may try. */
export type BreakerState = 'closed' | 'half-open' | 'open'

/** A model that is left alone for a while once it has failed several times in a row. */
export interface Guarded extends ServedModel {
  state(): BreakerState
  /** Failures in a row up to now. */
  failures(): number
  /** Calls under way. */
  inFlight(): number
}

/** When a model is left alone, and for how long. */
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
  let inFlight = 0
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

  /** One call more; what it gives is to be called once it is over, and once more does nothing. */
  const begun = () => {
    inFlight++
    let over = false
    return () => {
      if (!over) inFlight--
      over = true
    }
  }

  /** Passes the pieces on, and judges by how they end. No generator, since each takes several turns a piece. */
  function watched(pieces: AsyncIterable<Piece>, over: () => void): AsyncIterable<Piece> {
    const source = pieces[Symbol.asyncIterator]()
    let judged = false
    const once = (verdict: () => void) => {
      if (!judged) verdict()
      judged = true
    }
    const end = (verdict: () => void) => {
      once(verdict)
      over()
    }
    const watching: AsyncIterator<Piece> = {
      async next() {
        try {
          const step = await source.next()
          if (step.done === true) end(worked)
          else if (step.value.failure !== undefined) once(() => judge(step.value.failure))
          return step
        } catch (error) {
          end(() => judge(error))
          throw error
        }
      },
      async return() {
        // Left by its reader: that says nothing about the model.
        end(() => (trying = false))
        await source.return?.()
        return { done: true, value: undefined }
      },
    }
    return { [Symbol.asyncIterator]: () => watching }
  }

  return {
    ...model,
    state,
    failures: () => inRow,
    inFlight: () => inFlight,
    async exchange(body, options) {
      const before = state()
      const background = options.background === true
      if (before === 'open' || (before === 'half-open' && (trying || background)))
        throw new ModelError(`${model.name}: it failed ${inRow} times in a row, and is left alone for a while`, {
          place: model.name,
          status: 503,
          afterMs: Math.max(0, restsUntil - now()),
        })
      if (background) return await model.exchange(body, options)
      const mine = before === 'half-open'
      trying = mine
      const over = begun()
      // An answer that is dropped before anyone reads it comes to no other end.
      const dropped = () => {
        over()
        if (mine) trying = false
      }
      options.signal?.addEventListener('abort', dropped, { once: true })
      try {
        const exchange = await model.exchange(body, options)
        return { ...exchange, pieces: watched(exchange.pieces, over) }
      } catch (error) {
        over()
        judge(error)
        throw error
      }
    },
  }
}
