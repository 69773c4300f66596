import { isAnswered, isKept } from '../../audits/audited-request.ts'
import type { AuditRecord, AuditedSide } from '../../audits/record.ts'
import type { CallRecord, DecisionRecord } from '../../cascade/record.ts'
import { verdictsOf } from '../verdicts.ts'
import type { AuditError } from './audit-error.ts'
import type { AskedLarge } from './ask-large.ts'
import type { AuditedTurn } from './auditor.ts'
import type { Scores } from './scorer.ts'

/** What an audit came to. */
export interface Audited {
  large?: AskedLarge
  scores?: Scores
  error?: AuditError
}

/** The calls of a request whose answers are compared: that of an earlier stage, and that of the last one. */
export function callsOf(record: DecisionRecord): { small?: CallRecord; large?: CallRecord } {
  const { calls, stage } = record
  const told = calls.findLast((call) => call.stage === stage)
  if (isKept(record)) return { small: told }
  const [first] = calls
  return {
    ...(first === undefined || first.stage === stage || first.result === 'failed' ? {} : { small: first }),
    large: told,
  }
}

/** The line of the audit log. */
export function auditRecord(turn: AuditedTurn, { large, scores, error }: Audited, texts: boolean): AuditRecord {
  const { record, probability, gold, scorer, unseen } = turn
  const { id, time, cascade, policy, cost } = record
  const calls = isAnswered(record) ? callsOf(record) : {}
  const side = (call: CallRecord, quality: number | undefined): AuditedSide => ({
    model: call.model,
    ...(texts && call.result === 'answered' && call.answer !== undefined ? { answer: call.answer } : {}),
    ...(quality === undefined ? {} : { quality }),
    cost: call.cost,
  })
  const verdict = verdictsOf(record).find(({ stage }) => stage === calls.small?.stage)
  const largeSide =
    large === undefined
      ? calls.large?.result === 'answered'
        ? side(calls.large, scores?.large)
        : undefined
      : {
          model: large.model,
          ...(texts ? { answer: large.answer } : {}),
          ...(scores?.large === undefined ? {} : { quality: scores.large }),
          cost: large.cost ?? null,
        }
  const spent = [large?.cost, scores?.cost].filter((each) => each !== undefined)
  return {
    id,
    time,
    cascade,
    policy,
    outcome: record.outcome as AuditRecord['outcome'],
    probability,
    served_cost: cost,
    always_large_cost: large === undefined ? record.always_large_cost : (large.cost ?? null),
    audit_cost: large !== undefined && large.cost === undefined ? null : spent.reduce((sum, each) => sum + each, 0),
    ...(texts ? { question: questionText(record.question) } : {}),
    ...(texts && gold !== undefined ? { gold: gold.length === 1 ? gold[0] : gold } : {}),
    ...(scorer === undefined ? {} : { scorer: scorer.name }),
    ...(calls.small === undefined
      ? {}
      : {
          small: {
            ...side(calls.small, scores?.small),
            signals: verdict?.signals ?? {},
            ...(verdict?.censored === true ? { censored: true } : {}),
          },
        }),
    ...(largeSide === undefined ? {} : { large: largeSide }),
    ...(error === undefined ? {} : { error: texts ? error.message : error.brief }),
    ...(unseen > 0 ? { unseen } : {}),
  }
}

/** What the user asked last, as text. */
export function questionText(question: unknown): string {
  if (typeof question === 'string') return question
  if (!Array.isArray(question)) return JSON.stringify(question ?? null)
  const messages = question as { role?: unknown; content?: unknown }[]
  const { content } = messages.findLast((message) => message?.role === 'user') ?? messages.at(-1) ?? {}
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return JSON.stringify(content ?? null)
  const parts = content as { text?: unknown; type?: unknown }[]
  return parts.map((part) => (typeof part?.text === 'string' ? part.text : `[${String(part?.type)}]`)).join('\n')
}
