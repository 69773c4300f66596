import type { LanguageModelV3CallOptions, LanguageModelV3Usage, SharedV3Warning } from '@ai-sdk/provider'
import type { CascadeBehaviour } from '../cascade/cascade.ts'
import { guessedTokens } from '../cascade/cost.ts'
import type { DecisionRecord } from '../cascade/record.ts'
import { NoAnswer, runCascade, type Chosen } from '../cascade/run.ts'
import type { Part } from '../cascade/stage.ts'
import { failedEnd, turnOf, type TurnEnd } from '../cascade/turn.ts'
import { otherTemperature } from '../cascade/tuned-on.ts'
import { stageFor, type Way } from './ask-stage.ts'
import { thrownBy } from './fault.ts'
import { missingSignal } from './missing.ts'
import type { PolicyJson } from './options.ts'
import type { Placed } from './place.ts'
import { lettersOf } from './question.ts'
import { usageOf } from './usage.ts'
import { warningsOf } from './warnings.ts'

/** What stays the same from request to request. */
export interface Settings extends CascadeBehaviour<PolicyJson> {
  id: string
  places: readonly Placed[]
  tunedTemperature: number | undefined
}

/** A request whose answer has been chosen. */
export interface Running<P extends Part, M> {
  chosen: Chosen<P, M>
  /** The first of the answer has gone to who asked. */
  begun(): void
  /** What is to be said of the answer besides. */
  warnings(): SharedV3Warning[]
  /** What is known so far: the decision, and what all calls cost and counted. */
  facts(): { record: DecisionRecord; usage: LanguageModelV3Usage }
  /** Notes that the request is over. @param error why, where its answer broke off or nobody read it on */
  over(error?: unknown): void
}

/**
 * Runs the cascade for one request until it is clear whose answer stands.
 * @throws what the last stage's provider threw; SpillwayError `missing-signal`; the reason of an abort
 */
export async function running<R, P extends Part, M>(
  settings: Settings,
  options: LanguageModelV3CallOptions,
  way: Way<R, P, M>,
  stream: boolean,
): Promise<Running<P, M>> {
  const { id, places, policyHash, mode = 'buffer', fallback = true, speculateAfter, texts = false } = settings
  const {
    now = () => performance.now(),
    clock = Date.now,
    newId = () => crypto.randomUUID(),
    log = () => {},
  } = settings
  const signal = options.abortSignal ?? new AbortController().signal
  const counted = new Map<string, LanguageModelV3Usage>()
  const turn = turnOf({
    id: newId(),
    cascade: { name: id, policyHash },
    stages: places,
    stream,
    promptTokens: guessedTokens(lettersOf(options.prompt)),
    warnings: [
      ...places.flatMap(({ warnings }) => warnings),
      ...otherTemperature(options.temperature, settings.tunedTemperature),
    ],
    ...(texts ? { question: options.prompt } : {}),
    now,
    time: clock(),
  })
  try {
    const chosen = await runCascade(
      places.map((placed) => stageFor(placed, { options, onUsage: (stage, usage) => counted.set(stage, usage) }, way)),
      { signal, now, mode: stream ? mode : 'buffer', limit: options.maxOutputTokens, fallback, speculateAfter, texts },
    )
    const good: TurnEnd = {
      status: 200,
      stage: chosen.stage.name,
      ...(chosen.inPlaceOf === undefined ? {} : { inPlace: true, error: chosen.inPlaceOf.message }),
    }
    const factsAt = (end: TurnEnd) => turn.facts(chosen.report(), end)
    return {
      chosen,
      begun: () => turn.begun(),
      warnings: () => warningsOf(factsAt(good), places),
      facts() {
        const record = factsAt(good)
        return { record, usage: usageOf(record.calls, counted) }
      },
      over: (error) =>
        log(factsAt(error === undefined ? good : failedEnd(error, error === LEFT || signal.aborted, good.stage))),
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    log(turn.facts(error.report, failedEnd(error.error, signal.aborted)))
    throw thrownBy(missingSignal(error, places))
  }
}

/** Why a request is over that nobody reads on. */
export const LEFT = new Error('nobody reads on')
