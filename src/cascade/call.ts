import type { ModelError } from '../models/model-error.ts'
import type { Usage } from '../models/model.ts'
import { stopper, type Stop } from '../models/stop.ts'
import type { Answer, Part, Stage } from './stage.ts'

/** What became of a call: read to its end, left before that, or broken. */
export type CallResult = 'answered' | 'aborted' | 'failed'

/** What one call was, for logs and bills. Times in ms. */
export interface CallReport {
  stage: string
  model: string
  result: CallResult
  /** As the endpoint counts, where it got to that. */
  usage?: Usage
  /** Tokens that were received: those that were told, else pieces of text. */
  tokens: number
  /** From the start of the request to that of the call. */
  startMs: number
  /** From the call's start to its first text or token. */
  firstTokenMs?: number
  /** From the call's start to its end. */
  latencyMs: number
  error?: ModelError
  /** The answer as far as it came, where it is kept. */
  answer?: string
}

/** One call under way. */
export interface Call<P extends Part, M> {
  readonly stage: Stage<P, M>
  /** @throws ModelError; the reason of an abort */
  meta(): Promise<M>
  /** The next part, with nothing wrong in it; `undefined` at the end. @throws ModelError; the reason of an abort */
  next(): Promise<P | undefined>
  /** Ends it, whatever it is at. */
  abort(): void
  report(): CallReport
}

export interface CallOptions {
  signal: Stop
  /** ms, of any origin. */
  now: () => number
  /** When the request began. */
  startedAt: number
  /** Whether the answer is kept for its report. */
  texts?: boolean
}

/** Starts a call at once; `next` pulls its parts. */
export function callOf<P extends Part, M>(
  stage: Stage<P, M>,
  { signal, now, startedAt, texts = false }: CallOptions,
): Call<P, M> {
  const own = stopper()
  const follow = () => own.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow, { once: true })

  const start = now()
  let [told, spoken] = [0, 0]
  let answered = ''
  let usage: Usage | undefined
  let firstAt: number | undefined
  let finished = false
  let end: { result: CallResult; at: number; error?: ModelError } | undefined

  function settle(result: CallResult, error?: ModelError): void {
    if (end !== undefined) return
    end = { result, at: now(), ...(error === undefined ? {} : { error }) }
    signal.removeEventListener('abort', follow)
  }
  function note(part: P): void {
    for (const event of part.events) {
      if (texts && (event.type === 'text' || event.type === 'tool')) answered += event.text
      if (event.type === 'token') told++
      else if ((event.type === 'text' || event.type === 'tool') && event.text !== '') spoken++
      else if (event.type === 'usage') usage = event.usage
      else if (event.type === 'finish') finished = true
      if (firstAt === undefined && event.type !== 'usage' && event.type !== 'finish') firstAt = now()
    }
  }
  const failed = (error: unknown): never => {
    const ours = own.aborted
    settle(ours ? 'aborted' : 'failed', ours ? undefined : (error as ModelError))
    throw error
  }

  const answer: Promise<Answer<P, M>> = stage.ask(own).catch(failed)
  // Whoever asks for it hears of it; a call that nobody asks about may fail unheard.
  answer.catch(() => {})
  let parts: AsyncIterator<P> | undefined

  return {
    stage,
    meta: async () => (await answer).meta,
    async next() {
      parts ??= (await answer).parts[Symbol.asyncIterator]()
      let step: IteratorResult<P>
      try {
        step = await parts.next()
      } catch (error) {
        return failed(error)
      }
      if (step.done === true) {
        settle('answered')
        return undefined
      }
      const { value } = step
      note(value)
      if (value.failure !== undefined) {
        settle('failed', value.failure)
        own.abort()
        throw value.failure
      }
      return value
    },
    abort() {
      settle('aborted')
      own.abort()
      // A generator that nobody reads on would never let go of what it holds.
      void parts?.return?.().then(undefined, () => {})
    },
    report: () => ({
      stage: stage.name,
      model: stage.model,
      result: end?.result ?? (finished ? 'answered' : 'aborted'),
      ...(usage === undefined ? {} : { usage }),
      tokens: told === 0 ? spoken : told,
      startMs: start - startedAt,
      ...(firstAt === undefined ? {} : { firstTokenMs: firstAt - start }),
      latencyMs: (end?.at ?? now()) - start,
      ...(end?.error === undefined ? {} : { error: end.error }),
      ...(texts ? { answer: answered } : {}),
    }),
  }
}
