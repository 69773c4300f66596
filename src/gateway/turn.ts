import { costOfRun } from '../cascade/cost.ts'
import { rounded, runRecord, type DecisionRecord, type Outcome } from '../cascade/record.ts'
import type { RunReport } from '../cascade/run.ts'
import { CLIENT_LEFT } from './http-error.ts'
import type { ServedCascade } from './served.ts'
import { questionIn, type ClientRequest } from './wire/request.ts'

/** One request from its first byte to its record. */
export interface Turn {
  readonly id: string
  readonly warnings: readonly string[]
  /** The first byte of an answer has gone to the client. */
  begun(): void
  /** What is known of it so far. */
  facts(report: RunReport, end: TurnEnd): DecisionRecord
}

/** How a request ends. */
export interface TurnEnd {
  status: number
  /** Whose answer the client has. */
  stage?: string
  /** That answer stands in for the last stage's. */
  inPlace?: boolean
  error?: string
}

export interface TurnOptions {
  id: string
  request: ClientRequest
  cascade: ServedCascade
  /** The models that take part, in order. */
  asked: ServedCascade['stages']
  /** Whose key the request bears. */
  clientName?: string
  /** Whether the question is part of the record. */
  texts?: boolean
  /** ms, of any origin. */
  now: () => number
  /** ms since 1970. */
  time: number
}

/** A byte of a prompt is about a quarter of a token. */
const BYTES_A_TOKEN = 4

export function turnOf({ id, request, cascade, asked, clientName, texts, now, time }: TurnOptions): Turn {
  const start = now()
  let firstAt: number | undefined
  const last = asked.at(-1)!.model.name
  const prices = new Map(asked.map(({ model }) => [model.name, model.price]))
  const { tunedTemperature: tuned } = cascade
  const warnings =
    tuned === undefined || request.temperature === undefined || request.temperature === tuned
      ? []
      : [`temperature ${request.temperature}, and the policy was tuned at ${tuned}: its threshold may not hold`]

  const outcomeOf = (report: RunReport, { status, stage, inPlace }: TurnEnd): Outcome => {
    if (status === CLIENT_LEFT) return 'aborted'
    if (stage === undefined) return 'failed'
    if (asked.length === 1) return 'passed'
    if (inPlace === true) return 'large-failed'
    if (stage !== last) return 'kept'
    return report.verdicts.some((verdict) => 'error' in verdict) ? 'small-failed' : 'escalated'
  }

  return {
    id,
    warnings,
    begun: () => (firstAt ??= now()),
    facts(report, end) {
      const costs = costOfRun(report.calls, {
        priceOf: (stage) => prices.get(stage),
        large: last,
        promptTokens: Math.ceil(request.bytes.length / BYTES_A_TOKEN),
      })
      return {
        id,
        time: new Date(time).toISOString(),
        cascade: cascade.name,
        ...(clientName === undefined ? {} : { client: clientName }),
        policy: cascade.policyHash ?? null,
        stream: request.stream,
        outcome: outcomeOf(report, end),
        stage: end.stage ?? null,
        status: end.status,
        ...(runRecord(report, costs) as Pick<DecisionRecord, 'calls' | 'cost' | 'always_large_cost' | 'saved'>),
        latency_ms: rounded(now() - start),
        first_token_ms: firstAt === undefined ? null : rounded(firstAt - start),
        ...(end.error === undefined ? {} : { error: end.error }),
        ...(warnings.length === 0 ? {} : { warnings }),
        ...(texts === true ? { question: questionIn(request) } : {}),
      }
    },
  }
}
