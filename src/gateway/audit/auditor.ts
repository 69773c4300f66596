import { isAnswered, isKept } from '../../audits/audited-request.ts'
import type { AuditRecord } from '../../audits/record.ts'
import type { CallRecord, DecisionRecord } from '../../cascade/record.ts'
import type { AskedLarge } from './ask-large.ts'
import { AuditError, auditErrorOf } from './audit-error.ts'
import { auditRecord, callsOf, type Audited } from './audit-record.ts'
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
  /** Of the request, which are held as long as it waits. */
  bytes: number
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
  /** More than that do not wait, nor so many bytes of requests. */
  mostWaiting: number
  mostBytes: number
  /** For one audit. */
  deadlineMs: number
  /** Whether the log is to hold questions and answers. */
  texts: boolean
  onAudit: (record: AuditRecord) => void
  /** Told of what an operator should know. */
  onNotice: (text: string) => void
  /** Told of faults of the gateway's own. */
  onFault: (error: unknown) => void
}

const CLOSED = new AuditError('the gateway ended before this audit')
const CROWDED = new AuditError('too many audits wait')

export function auditorOf(options: AuditorOptions): Auditor {
  const { atOnce, mostWaiting, mostBytes, deadlineMs, texts, onAudit, onNotice, onFault } = options
  const queue: AuditedTurn[] = []
  const ending = new AbortController()
  let active = 0
  let onIdle: (() => void) | undefined

  const told = new Set<string>()
  let waitingBytes = 0

  const note = (turn: AuditedTurn, found: Audited): void => {
    const { error } = found
    if (error !== undefined && error !== CLOSED && !told.has(error.brief)) {
      told.add(error.brief)
      onNotice(`${turn.record.cascade}: an audit found nothing: ${error.brief}; it is told once`)
    }
    onAudit(auditRecord(turn, found, texts))
  }

  async function audit(turn: AuditedTurn): Promise<void> {
    const stop = AbortSignal.any([ending.signal, AbortSignal.timeout(deadlineMs)])
    let large: AskedLarge | undefined
    let scores: Scores | undefined
    let error: AuditError | undefined
    let what = 'the large model'
    try {
      large = isKept(turn.record) ? await turn.askLarge(stop) : undefined
      what = 'the scorer'
      scores = await turn.scorer?.score({ ...answersOf(turn, large), stop })
      error = scores?.error
    } catch (thrown) {
      error = ending.signal.aborted ? CLOSED : auditErrorOf(thrown, what)
    } finally {
      turn.settle((large?.cost ?? 0) + (scores?.cost ?? 0))
    }
    note(turn, { large, scores, error })
  }
  function next(): void {
    if (active === 0 && queue.length === 0) onIdle?.()
    while (active < atOnce && queue.length > 0) {
      active++
      const turn = queue.shift()!
      void audit(turn)
        .catch(onFault)
        .finally(() => {
          active--
          waitingBytes -= turn.bytes
          next()
        })
    }
  }
  return {
    add(turn) {
      try {
        const crowded = queue.length >= mostWaiting || waitingBytes + turn.bytes > mostBytes
        const error = ending.signal.aborted ? CLOSED : crowded ? CROWDED : undefined
        if (error === undefined && isAnswered(turn.record)) {
          queue.push(turn)
          waitingBytes += turn.bytes
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
