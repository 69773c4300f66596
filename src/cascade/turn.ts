import type { Price } from '../models/price.ts'
import { ModelError } from '../models/model-error.ts'
import { costOfRun } from './cost.ts'
import { CLIENT_LEFT, rounded, runRecord, type DecisionRecord, type Outcome } from './record.ts'
import type { RunReport } from './run.ts'

/** One request from its first byte to its record. */
export interface Turn {
  readonly id: string
  /** The first of an answer has gone to the client. */
  begun(): void
  /** What is known of it so far. */
  facts(report: RunReport, end: TurnEnd): DecisionRecord
}

/** How a request ends. */
export interface TurnEnd {
  /** As an HTTP status. */
  status: number
  /** Whose answer the client has. */
  stage?: string
  /** That answer stands in for the last stage's. */
  inPlace?: boolean
  error?: string
}

const FAILED = 502

/**
 * How a request ends that has no answer, or not a whole one.
 * @param gone whoever asked has left
 * @param stage whose answer broke off
 */
export function failedEnd(error: unknown, gone: boolean, stage?: string): TurnEnd {
  if (gone) return { status: CLIENT_LEFT, stage }
  const status = error instanceof ModelError && error.status !== undefined ? error.status : FAILED
  return { status, stage, error: error instanceof Error ? error.message : String(error) }
}

export interface TurnOptions {
  id: string
  cascade: { name: string; policyHash?: string }
  /** The models that take part, in order. */
  stages: readonly { name: string; price?: Price }[]
  /** Which of OpenAI's. */
  api?: string
  stream: boolean
  /** A guess, for where no endpoint counts them. */
  promptTokens: number
  warnings: readonly string[]
  /** Whose key the request bears. */
  clientName?: string
  /** What was asked, where the record is to hold it. */
  question?: unknown
  /** ms, of any origin. */
  now: () => number
  /** ms since 1970. */
  time: number
}

export function turnOf(options: TurnOptions): Turn {
  const { id, cascade, stages, api, stream, promptTokens, warnings, clientName, question, now, time } = options
  const start = now()
  let firstAt: number | undefined
  const last = stages.at(-1)!.name
  const prices = new Map(stages.map(({ name, price }) => [name, price]))

  const outcomeOf = (report: RunReport, { status, stage, inPlace }: TurnEnd): Outcome => {
    if (status === CLIENT_LEFT) return 'aborted'
    if (stage === undefined) return 'failed'
    if (stages.length === 1) return 'passed'
    if (inPlace === true) return 'large-failed'
    if (stage !== last) return 'kept'
    return report.verdicts.some((verdict) => 'error' in verdict) ? 'small-failed' : 'escalated'
  }

  return {
    id,
    begun: () => (firstAt ??= now()),
    facts(report, end) {
      const costs = costOfRun(report.calls, { priceOf: (stage) => prices.get(stage), large: last, promptTokens })
      return {
        id,
        time: new Date(time).toISOString(),
        cascade: cascade.name,
        ...(api === undefined ? {} : { api }),
        ...(clientName === undefined ? {} : { client: clientName }),
        policy: cascade.policyHash ?? null,
        stream,
        outcome: outcomeOf(report, end),
        stage: end.stage ?? null,
        status: end.status,
        ...(runRecord(report, costs) as Pick<DecisionRecord, 'calls' | 'cost' | 'always_large_cost' | 'saved'>),
        latency_ms: rounded(now() - start),
        first_token_ms: firstAt === undefined ? null : rounded(firstAt - start),
        ...(end.error === undefined ? {} : { error: end.error }),
        ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
        ...(question === undefined ? {} : { question }),
      }
    },
  }
}
