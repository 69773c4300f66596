import { answerOf, goldOf, roles } from '../answers.ts'
import { withMarks, type Marks } from '../marks.ts'
import type { AuditRecord, Mark } from '../record.ts'
import { rankOf, type Sample } from '../sample.ts'

/** A text to be marked once, for every answer that it is. */
export interface MarkedText {
  question?: string
  gold: readonly string[]
  answer: string
  places: readonly Pick<Mark, 'id' | 'answer'>[]
}

export interface ItemsOptions {
  sample: Sample
  seed: number
  marks: Marks
  /** Those that a program has given a quality too; what a hand has marked stays. */
  all: boolean
}

/** Answers of so many requests are mixed: whoever stops early has most of them from both models. */
const BLOCK = 10

/**
 * The answers of a sample that have no quality yet, in a random order that tells nothing: those of a few requests at a
 * time are mixed, whoever wrote them.
 * @returns with how many of the sample have one
 */
export async function markingItems(
  records: AsyncIterable<AuditRecord>,
  { sample, seed, marks, all }: ItemsOptions,
): Promise<{ items: MarkedText[]; marked: number }> {
  const places = new Map(sample.ids.map((id, place) => [id, place]))
  const blocks = new Map<number, { rank: number; item: MarkedText }[]>()
  let marked = 0
  for await (const record of records) {
    const place = places.get(record.id)
    if (place === undefined) continue
    const block = Math.floor(place / BLOCK)
    const texts = textsOf(record)
    for (const item of texts) {
      const open = item.places.filter(({ id, answer }) =>
        all ? marks.get(id, answer)?.scorer !== HAND : withMarks(record, marks)[answer]?.quality === undefined,
      )
      if (open.length === 0) {
        marked += 1
        continue
      }
      const rank = rankOf(seed, record.id, item.answer)
      blocks.set(block, [...(blocks.get(block) ?? []), { rank, item: { ...item, places: open } }])
    }
  }
  const inOrder = [...blocks].toSorted(([a], [b]) => a - b)
  return {
    marked,
    items: inOrder.flatMap(([, block]) => block.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item)),
  }
}

/** What marks of a person say of themselves. */
export const HAND = 'hand'

/** The texts of a request's answers; one where both models wrote the same. */
function textsOf(record: AuditRecord): MarkedText[] {
  const { id, question } = record
  const texts = new Map<string, MarkedText['places']>()
  for (const role of roles) {
    const answer = answerOf(record, role)?.trim()
    if (answer !== undefined) texts.set(answer, [...(texts.get(answer) ?? []), { id, answer: role }])
  }
  return [...texts].map(([answer, places]) => ({ question, gold: goldOf(record), answer, places }))
}
