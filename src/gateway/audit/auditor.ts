import type { AuditRecord } from '../../audits/record.ts'
import type { CallRecord, DecisionRecord } from '../../cascade/record.ts'
import type { AskedLarge } from './ask-large.ts'
import { auditRecord, callsOf, isAnswered } from './audit-record.ts'
import type { AuditScorer, Scores } from './scorer.ts'

/** A request that the coin fell on, once its client has an answer. */
export interface AuditedTurn {
  /** With the question and the answers. */
  record: DecisionRecord
  probability: number
  /** What a scorer may hold the answers against, as the request says it. */
  gold?: string[]
  scorer?: AuditScorer
  /** Asks the large model what the client asked. */
  askLarge: (stop: AbortSignal) => Promise<AskedLarge>
  /** Requests before it on which the coin could not fall. */
  unseen: number
  /** Told once of what the audit has cost. */
  settle: (cost: number) => void
}

/** Audits requests in the background, a few at a time. */
export interface Auditor {
  /** Never waits, and never throws. */
  add(turn: AuditedTurn): void
  waiting(): number
  /** Finishes what is under way, for a while; the rest is logged as not finished. */
  close(ms: number): Promise<void>
}

export interface AuditorOptions {
  /** Audits at a time, so that they do not crowd out clients. */
  atOnce: number
  /** More than that do not wait. */
  mostWaiting: number
  /** For one audit. */
  deadlineMs: number
  /** Whether the log is to hold questions and answers. */
  texts: boolean
  onAudit: (record: AuditRecord) => void
  /** Told of faults of the gateway's own. */
  onFault: (error: unknown) => void
}

const CLOSED = 'the gateway ended before this audit'
const CROWDED = 'too many audits wait'

export function auditorOf(options: AuditorOptions): Auditor {
  const { atOnce, mostWaiting, deadlineMs, texts, onAudit, onFault } = options
  const queue: AuditedTurn[] = []
  const ending = new AbortController()
  let active = 0
  let onIdle: (() => void) | undefined

  const note = (turn: AuditedTurn, found: Parameters<typeof auditRecord>[1]): void =>
    onAudit(auditRecord(turn, found, texts))

  async function audit(turn: AuditedTurn): Promise<void> {
    const stop = AbortSignal.any([ending.signal, AbortSignal.timeout(deadlineMs)])
    let large: AskedLarge | undefined
    let scores: Scores | undefined
    try {
      large = needsLarge(turn.record) ? await turn.askLarge(stop) : undefined
      scores = await turn.scorer?.score({ ...answersOf(turn, large), stop })
      note(turn, { large, scores })
    } catch (error) {
      note(turn, { large, error: ending.signal.aborted ? CLOSED : messageOf(error) })
    } finally {
      turn.settle((large?.cost ?? 0) + (scores?.cost ?? 0))
    }
  }
  function next(): void {
    if (active === 0 && queue.length === 0) onIdle?.()
    while (active < atOnce && queue.length > 0) {
      active++
      void audit(queue.shift()!)
        .catch(onFault)
        .finally(() => {
          active--
          next()
        })
    }
  }
  return {
    add(turn) {
      try {
        const error = ending.signal.aborted ? CLOSED : queue.length >= mostWaiting ? CROWDED : undefined
        if (error === undefined && isAnswered(turn.record)) {
          queue.push(turn)
          next()
          return
        }
        note(turn, error === undefined ? {} : { error })
        turn.settle(0)
      } catch (error) {
        onFault(error)
      }
    },
    waiting: () => queue.length + active,
    async close(ms) {
      const idle = new Promise<void>((resolve) => (onIdle = resolve))
      next()
      const timer = setTimeout(() => {
        for (const turn of queue.splice(0)) {
          note(turn, { error: CLOSED })
          turn.settle(0)
        }
        ending.abort()
        next()
      }, ms)
      await idle
      clearTimeout(timer)
      ending.abort()
    },
  }
}

/** The client has an answer of another model, so that the large one's is not known. */
const needsLarge = ({ outcome }: DecisionRecord): boolean => outcome === 'kept' || outcome === 'large-failed'

function answersOf({ record, gold }: AuditedTurn, large: AskedLarge | undefined) {
  const calls = callsOf(record)
  return {
    small: wholeAnswer(calls.small),
    large: large?.answer ?? wholeAnswer(calls.large),
    question: record.question,
    gold,
  }
}

const wholeAnswer = (call: CallRecord | undefined) => (call?.result === 'answered' ? call.answer : undefined)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
