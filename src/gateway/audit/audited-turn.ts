import { guessedTokens } from '../../cascade/cost.ts'
import type { DecisionRecord } from '../../cascade/record.ts'
import type { AnswerOptions } from '../answering.ts'
import type { ServedCascade, ServedStage } from '../served.ts'
import type { ClientRequest } from '../wire/request.ts'
import { askLarge } from './ask-large.ts'

/** Tosses the coin for a request of a cascade: with which probability it is to be audited, or `undefined`. */
export const tossFor = (
  asked: readonly ServedStage[],
  { audit }: ServedCascade,
  { auditor }: AnswerOptions,
): number | undefined => (auditor === undefined || asked.length < 2 ? undefined : audit?.coin.toss())

/** Hands a request that the coin fell on to the auditor. */
export function auditedTurn({
  record,
  probability,
  cascade,
  request,
  options,
}: {
  record: DecisionRecord
  probability: number
  cascade: ServedCascade
  request: ClientRequest
  options: AnswerOptions
}): void {
  const { auditor, gold, headers, refusals, onNotice, now } = options
  const { audit, stages } = cascade
  if (audit === undefined) return
  const { coin, scorer } = audit
  const promptTokens = guessedTokens(request.bytes.length)
  auditor?.add({
    record,
    probability,
    ...(gold === undefined ? {} : { gold }),
    ...(scorer === undefined ? {} : { scorer }),
    askLarge: (stop) => askLarge(stages.at(-1)!, request, { headers, refusals, onNotice, stop, now, promptTokens }),
    bytes: request.bytes.length,
    unseen: coin.unseen(),
    settle: (cost) => coin.settle(cost),
  })
}
