import { createHash } from 'node:crypto'
import { SpillwayError } from '../core/errors.ts'
import { answerOf, roles } from './answers.ts'
import type { AuditRecord } from './record.ts'

/** Some of the audited requests whose answers are there to be read. */
export interface Sample {
  /** In a random order. */
  ids: readonly string[]
  /** How many there are to choose from. */
  of: number
}

/** A place in a random order that is the same whatever else is in the log, and however often it is read. */
export const rankOf = (seed: number, ...names: readonly string[]): number =>
  createHash('sha256')
    .update(JSON.stringify([seed, ...names]))
    .digest()
    .readUIntBE(0, 6)

/**
 * A random sample of so many requests with an answer. A log that grows keeps most of it.
 * @throws SpillwayError `bad-input` where there is no request, or no text
 */
export async function sampleOf(
  records: AsyncIterable<AuditRecord>,
  { most, seed }: { most: number; seed: number },
): Promise<Sample> {
  let taken: { id: string; rank: number }[] = []
  let [all, of] = [0, 0]
  const cut = () => (taken = taken.toSorted((a, b) => a.rank - b.rank).slice(0, most))
  for await (const record of records) {
    all += 1
    if (roles.every((role) => answerOf(record, role) === undefined)) continue
    of += 1
    taken.push({ id: record.id, rank: rankOf(seed, record.id) })
    if (taken.length >= 2 * most + 1000) cut()
  }
  if (all === 0) throw new SpillwayError('bad-input', 'no audited requests yet: there is nothing to mark')
  if (of === 0)
    throw new SpillwayError(
      'bad-input',
      `none of the ${all} audited requests has a text: set serve.log.texts: true in spillway.yaml, and mark what is audited from then on`,
    )
  return { ids: cut().map(({ id }) => id), of }
}
