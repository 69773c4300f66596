import { SpillwayError } from '../core/errors.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Model, ModelEvent, ModelRequest } from '../models/model.ts'
import type { Price } from '../models/price.ts'
import { guessedTokens } from './cost.ts'
import { keepRuleOf } from './keep-rule.ts'
import { modelStage, type ModelPart, type PlacedModel } from './model-stage.ts'
import type { DecisionRecord } from './record.ts'
import { NoAnswer, runCascade, type Chosen } from './run.ts'
import type { CountedTokens } from './stage.ts'
import { failedEnd, turnOf, type Turn, type TurnEnd } from './turn.ts'

/** A model's place in a cascade. */
export interface CascadeStage {
  model: Model
  /** What records call it; of two stages `small` and `large`, of more the model's own id. */
  name?: string
  /** Without one, costs and savings are not known. */
  price?: Price
  /** When its answer is kept, where it is not the last. */
  policy?: Policy
}

/** The models of a cascade, and how it decides between them. */
export interface CascadeOptions {
  /** The cheapest first. */
  stages: readonly CascadeStage[]
  /** That of the first stage, where it has none of its own. */
  policy?: Policy
  /** What records call the cascade. */
  id?: string
  /** `early`: a kept answer is told from its decision on, by signals such as `mean_logprob_at_8`; else from its end on. */
  mode?: 'buffer' | 'early'
  /** Where the last stage fails, the whole answer of an earlier one stands in, if there is one. */
  fallback?: boolean
  /** Asks the next stage already after so many tokens in a row with which the answer would be escalated. */
  speculateAfter?: number
  /** How many alternatives of a token count, where a policy does not say it. */
  topK?: number
  tokens?: CountedTokens
  /** Told of every request once it is over. */
  log?: (record: DecisionRecord) => void
  /** Whether records hold questions and answers. */
  texts?: boolean
  /** What records call the policy. */
  policyHash?: string
  /** ms, of any origin. */
  now?: () => number
  /** ms since 1970. */
  clock?: () => number
  newId?: () => string
}

/** The one answer, and what it took. */
export interface CascadeAnswer {
  /** Whose answer it is. */
  stage: string
  /**
   * The answer: one, whole, and of one model. To be read once; who leaves it ends the calls.
   * @throws ModelError where it breaks off
   */
  events: AsyncIterable<ModelEvent>
  /** The decision, its reasons and what all calls cost; the costs are whole once `events` has ended. */
  record: () => DecisionRecord
}

/** Several models as one. */
export interface Cascade extends Model {
  /**
   * Resolves once it is decided whose answer stands.
   * @throws ModelError where no stage has an answer; SpillwayError `missing-signal` where the policy wants one that is
   * missing; the signal's reason where it is aborted
   */
  ask(request: ModelRequest, options?: { signal?: AbortSignal }): Promise<CascadeAnswer>
}

/**
 * A cascade of models, which is a model itself: the first answers, and its policy decides on the signals of that very
 * answer whether it stands or the next one is asked.
 * @throws SpillwayError `usage` where a stage but the last has no policy, or one that cannot be measured as answers come
 */
export function cascade(options: CascadeOptions): Cascade {
  const { id = 'cascade', mode = 'buffer', fallback = true, speculateAfter, log = () => {}, texts = false } = options
  const { now = () => performance.now(), clock = Date.now, newId = () => crypto.randomUUID(), policyHash } = options
  const stages = options.stages.map((stage, i, { length }) => placed(stage, i, length, options))

  async function ask(
    request: ModelRequest,
    { signal = never() }: { signal?: AbortSignal } = {},
  ): Promise<CascadeAnswer> {
    const turn = turnOf({
      id: newId(),
      cascade: { name: id, policyHash },
      stages,
      stream: mode === 'early',
      promptTokens: guessedTokens(JSON.stringify(request.prompt).length),
      warnings: [],
      ...(texts ? { question: request.prompt } : {}),
      now,
      time: clock(),
    })
    try {
      const asked = stages.map((stage) => modelStage(stage, request))
      const run = { signal, now, mode, limit: request.maxTokens, fallback, speculateAfter, texts }
      return answerOf(await runCascade(asked, run), { turn, signal, log })
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      log(turn.facts(error.report, failedEnd(error.error, signal.aborted)))
      throw error.error
    }
  }

  return {
    id,
    ask,
    async *generate(request, asked) {
      yield* (await ask(request, asked)).events
    },
    async close() {
      for (const { model } of stages) await model.close()
    },
  }
}

const never = (): AbortSignal => new AbortController().signal

function placed(stage: CascadeStage, i: number, length: number, options: CascadeOptions): PlacedModel {
  const { model, price, name = length === 2 ? ['small', 'large'][i] : model.id } = stage
  const { topK, tokens } = options
  const policy = stage.policy ?? (i === 0 ? options.policy : undefined)
  const last = i === length - 1
  if (!last && policy === undefined)
    throw new SpillwayError('usage', `the stage ${name} has no policy; each but the last takes one`)
  return {
    name,
    model,
    ...(price === undefined ? {} : { price }),
    ...(last || policy === undefined ? {} : { keep: keepRuleOf(policy, { topK, tokens, place: name }) }),
  }
}

function answerOf(
  chosen: Chosen<ModelPart, undefined>,
  { turn, signal, log }: { turn: Turn; signal: AbortSignal; log: (record: DecisionRecord) => void },
): CascadeAnswer {
  const { stage, parts, inPlaceOf } = chosen
  const good: TurnEnd = {
    status: 200,
    stage: stage.name,
    ...(inPlaceOf === undefined ? {} : { inPlace: true, error: inPlaceOf.message }),
  }
  async function* events(): AsyncGenerator<ModelEvent> {
    let end = failedEnd(undefined, true, stage.name)
    try {
      for await (const { told } of parts) {
        turn.begun()
        yield* told
      }
      end = good
    } catch (error) {
      end = failedEnd(error, signal.aborted, stage.name)
      throw error
    } finally {
      log(turn.facts(chosen.report(), end))
    }
  }
  return { stage: stage.name, events: events(), record: () => turn.facts(chosen.report(), good) }
}
