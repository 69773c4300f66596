import type { LanguageModelV3CallOptions, LanguageModelV3Usage, SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { Part, Stage } from '../cascade/stage.ts'
import { abortSignalOf, type Stop } from '../models/stop.ts'
import { asksItself, withLogprobs } from './asking.ts'
import { faultOf, refusalIn } from './fault.ts'
import { labelOf, type Placed } from './place.ts'
import { traceOf, type Trace } from './trace.ts'

/** What one request wants of every stage. */
export interface Request {
  options: LanguageModelV3CallOptions
  /** Told of the tokens of each stage that counts them. */
  onUsage: (stage: string, usage: LanguageModelV3Usage) => void
}

/** One way of asking a model: for a stream, or for a whole answer. */
export interface Way<R, P extends Part, M> {
  ask(placed: Placed, options: LanguageModelV3CallOptions): PromiseLike<R>
  read(answer: R, told: Telling): { meta: M; parts: AsyncIterable<P> }
}

/** What reading an answer needs to know. */
export interface Telling {
  /** What messages call the model. */
  place: string
  /** Of an answer on which nothing is decided, there is none. */
  trace?: Trace
  signal: Stop
  /** Log-probabilities of its metadata are not for the caller, who did not ask for them. */
  hidden: boolean
  onUsage: (usage: LanguageModelV3Usage) => void
}

/** A model's turn at one request: it is asked for what its policy reads besides, and no more. */
export function stageFor<R, P extends Part, M>(
  placed: Placed,
  { options, onUsage }: Request,
  way: Way<R, P, M>,
): Stage<P, M> {
  const { name, model, price, keep } = placed
  return {
    name,
    model: model.modelId,
    ...(price === undefined ? {} : { price }),
    ...(keep === undefined ? {} : { keep }),
    async ask(signal) {
      const place = labelOf(placed)
      const k = keep?.alternatives ?? 0
      for (;;) {
        const words = placed.quirks.apply(PLAIN)
        const sent = keep === undefined ? undefined : logprobsFor(placed, words, k)
        const own = sent === undefined || asksItself(options, sent)
        const asked = {
          ...(sent === undefined ? options : withLogprobs(options, sent)),
          abortSignal: abortSignalOf(signal),
        }
        try {
          const answer = await way.ask(placed, asked)
          const trace = keep === undefined ? undefined : traceOf(place, k)
          return way.read(answer, { place, trace, signal, hidden: !own, onUsage: (usage) => onUsage(name, usage) })
        } catch (error) {
          signal.throwIfAborted()
          const fault = faultOf(error, place)
          // What the caller itself asked for is the caller's to hear about.
          if (own || !placed.quirks.learn(words, fault.status ?? 0, refusalIn(fault))) throw fault
        }
      }
    },
  }
}

/** Log-probabilities in OpenAI's words, in which servers refuse them. */
const PLAIN = { logprobs: true, top_logprobs: 1 }

/** What a model is asked for besides: nothing where its server has refused that. */
const logprobsFor = ({ logprobs }: Placed, words: object, k: number): SharedV3ProviderOptions | undefined =>
  'logprobs' in words ? logprobs('top_logprobs' in words ? k : 0) : undefined
