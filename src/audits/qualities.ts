import { SpillwayError } from '../core/errors.ts'
import { isOwnScorer, loadScorer } from '../scoring/load-scorer.ts'
import type { Score } from '../scoring/score.ts'
import { goldOf } from './answers.ts'
import type { AuditRecord, Mark } from './record.ts'
import type { References } from './references.ts'

/** What an answer is held against: of a line of an audit log, or of a request that is being audited. */
export type Answered = Pick<AuditRecord, 'question' | 'gold'> &
  Partial<Pick<AuditRecord, 'id' | 'time' | 'cascade'>> & {
    large?: { answer?: string }
    /** What a user's own scorer is told besides. */
    fields?: Readonly<Record<string, unknown>>
  }

/** How good an answer is; nothing where there is nothing to hold it against. */
export type QualityOf = (request: Answered, role: Mark['answer'], answer: string) => Promise<number | undefined>

export interface Scoring {
  quality: QualityOf
  /** A module of the user's: what it gives may have been paid for. */
  own: boolean
}

const AGREEMENT = /^agreement(?::([^]*))?$/

/**
 * What a spec asks for: a scorer, or with `agreement` (`agreement:exact`, …) how far the small model's answer is the
 * large one's, which counts as right.
 * @param folder where the path of a module starts
 * @throws SpillwayError `usage` where there is no such scorer
 */
export async function scoringOf(spec: string, references: References = new Map(), folder?: string): Promise<Scoring> {
  const agreement = AGREEMENT.exec(spec)
  const named = agreement === null ? spec : (agreement[1] ?? 'f1')
  const [score, own] = [await loadScorer(named, folder), isOwnScorer(named)]
  return { own, quality: agreement === null ? scored(score, own, references) : agreed(score, references) }
}

const scored =
  (score: Score, own: boolean, references: References): QualityOf =>
  async (record, _, answer) => {
    const known = references.get(record.id ?? '')
    const gold = known?.gold ?? goldOf(record)
    // A module may know by itself what is right.
    if (gold.length === 0 && !own) return undefined
    return told(record, () => score(answer, gold, questionOf(record, known?.fields)))
  }

const agreed =
  (score: Score, references: References): QualityOf =>
  async (record, role, answer) => {
    const right = record.large?.answer ?? ''
    if (right.trim() === '') return undefined
    if (role === 'large') return 1
    return told(record, () => score(answer, [right], questionOf(record, references.get(record.id ?? '')?.fields)))
  }

/** What a scorer is told of a request: neither which model wrote the answer, nor what was decided. */
const questionOf = ({ id, time, cascade, question, gold, fields: own }: Answered, fields: object = {}) => ({
  id,
  time,
  cascade,
  question,
  gold,
  ...own,
  ...fields,
})

async function told<T>({ id }: Answered, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!SpillwayError.is(cause)) throw cause
    throw id === undefined ? cause : new SpillwayError(cause.code, `request ${id}: ${cause.message}`, { cause })
  }
}
