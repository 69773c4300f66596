import type { AuditError } from './audit-error.ts'

/** Two answers to one question; one that is not known, or not whole, is absent. */
export interface ScoredAnswers {
  small?: string
  large?: string
  /** Messages, or a prompt, as the client sent them. */
  question: unknown
  /** What is right, where the request says it. */
  gold?: string[]
  stop: AbortSignal
}

/** Qualities in [0, 1] of the answers that there are. */
export interface Scores {
  small?: number
  large?: number
  /** What finding them has cost, found or not. */
  cost?: number
  /** Why one was not found. */
  error?: AuditError
}

/** Finds how good answers are, without knowing which of them clients have. */
export interface AuditScorer {
  /** What the log calls it. */
  name: string
  /** @throws where no quality can be found */
  score(answers: ScoredAnswers): Promise<Scores>
}
