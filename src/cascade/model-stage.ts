import type { TokenStep } from '../core/signals/trace.ts'
import type { Model, ModelEvent, ModelRequest } from '../models/model.ts'
import type { Price } from '../models/price.ts'
import { abortSignalOf } from '../models/stop.ts'
import type { AskedRule } from './keep-rule.ts'
import type { Part, Stage } from './stage.ts'

/** A model in its place in a cascade. */
export interface PlacedModel {
  name: string
  model: Model
  price?: Price
  keep?: AskedRule
}

/** An event, and what of it the caller is told who asked for less than the policy reads. */
export interface ModelPart extends Part {
  told: readonly ModelEvent[]
}

/** A model's turn at one request: it is asked for what its policy reads besides, and no more. */
export function modelStage(
  { name, model, price, keep }: PlacedModel,
  request: ModelRequest,
): Stage<ModelPart, undefined> {
  const wanted = request.topLogprobs
  const topLogprobs = keep === undefined ? wanted : Math.max(keep.alternatives, wanted ?? 0)
  return {
    name,
    model: model.id,
    ...(price === undefined ? {} : { price }),
    ...(keep === undefined ? {} : { keep }),
    ask: async (signal) => ({
      meta: undefined,
      parts: partsOf(model.generate({ ...request, topLogprobs }, { signal: abortSignalOf(signal) }), wanted),
    }),
  }
}

async function* partsOf(events: AsyncIterable<ModelEvent>, wanted: number | undefined): AsyncGenerator<ModelPart> {
  for await (const event of events) yield { events: [event], told: toldOf(event, wanted) }
}

function toldOf(event: ModelEvent, wanted: number | undefined): ModelEvent[] {
  if (event.type !== 'token') return [event]
  return wanted === undefined ? [] : [{ ...event, token: withFewer(event.token, wanted) }]
}

function withFewer(token: TokenStep, k: number): TokenStep {
  const { alternatives, alternativeTexts } = token
  if (alternatives === undefined || alternatives.length <= k) return token
  return {
    ...token,
    alternatives: alternatives.slice(0, k),
    ...(alternativeTexts === undefined ? {} : { alternativeTexts: alternativeTexts.slice(0, k) }),
  }
}
