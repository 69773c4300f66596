import { answerOf, roles } from './answers.ts'
import type { Marks } from './marks.ts'
import { withMarks } from './marks.ts'
import type { QualityOf } from './qualities.ts'
import type { AuditRecord, Mark } from './record.ts'

export interface ScoreAnswersOptions {
  quality: QualityOf
  /** What marks say of themselves. */
  spec: string
  marks: Marks
  /** Those that have a quality already, too. */
  all: boolean
  /** Of these requests only. */
  only?: ReadonlySet<string>
  now: () => Date
  signal?: AbortSignal
}

/** What became of answers so far. */
export interface ScoreTally {
  marked: number
  /** They had a quality. */
  before: number
  /** There is nothing to hold them against. */
  without: number
  /** Of all that were marked now, by model. */
  sums: Record<Mark['answer'], { count: number; quality: number }>
}

export const noTally = (): ScoreTally => ({
  marked: 0,
  before: 0,
  without: 0,
  sums: { small: { count: 0, quality: 0 }, large: { count: 0, quality: 0 } },
})

/** Marks the answers of one request after another. */
export async function* scoreAnswers(
  records: AsyncIterable<AuditRecord>,
  { quality, spec, marks, all, only, now, signal }: ScoreAnswersOptions,
  tally: ScoreTally,
): AsyncGenerator<Mark> {
  for await (const record of records) {
    if (signal?.aborted === true) return
    if (only !== undefined && !only.has(record.id)) continue
    for (const role of roles) {
      const answer = answerOf(record, role)
      if (answer === undefined) continue
      if (!all && withMarks(record, marks)[role]?.quality !== undefined) {
        tally.before += 1
        continue
      }
      const found = await quality(record, role, answer)
      if (found === undefined) {
        tally.without += 1
        continue
      }
      tally.marked += 1
      tally.sums[role].count += 1
      tally.sums[role].quality += found
      yield { id: record.id, answer: role, quality: found, scorer: spec, time: now().toISOString() }
    }
  }
}
