import { costOfRun } from '../../cascade/cost.ts'
import { NoAnswer, runCascade } from '../../cascade/run.ts'
import { stageFor, type AskOptions } from '../ask-stage.ts'
import type { ServedStage } from '../served.ts'
import type { ClientRequest } from '../wire/request.ts'

/** What the large model said to a request that it was not asked before. */
export interface AskedLarge {
  model: string
  answer: string
  /** Without a price, or a count of tokens: absent. */
  cost?: number
}

/**
 * Asks the last stage what the client asked, as if it had been the only one.
 * @throws ModelError where it has no whole answer; the signal's reason
 */
export async function askLarge(
  stage: ServedStage,
  request: ClientRequest,
  options: AskOptions & { stop: AbortSignal; now: () => number; promptTokens: number },
): Promise<AskedLarge> {
  const { stop, now, promptTokens } = options
  const { name, price } = stage.model
  const chosen = await runCascade([stageFor(stage, request, { ...options, background: true })], {
    signal: stop,
    now,
    texts: true,
  }).catch((error: unknown) => {
    throw error instanceof NoAnswer ? error.error : error
  })
  for await (const _ of chosen.parts) {
    // Read to its end; the report keeps the text.
  }
  const report = chosen.report()
  const { cost } = costOfRun(report.calls, { priceOf: () => price, large: name, promptTokens })
  const [call] = report.calls
  return { model: call.model, answer: call.answer ?? '', ...(cost === undefined ? {} : { cost }) }
}
