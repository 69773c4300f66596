import { SpillwayError } from '../core/errors.ts'
import { placeIn } from '../core/outcomes/source.ts'
import { openRecords } from '../data/open.ts'

/** What is right, by the id of a request. */
export type References = ReadonlyMap<string, { gold: readonly string[]; fields: Readonly<Record<string, unknown>> }>

/**
 * Reads rows of `id` and `gold`, one right answer or a list of them, and whatever else a scorer may want to know.
 * @throws SpillwayError `bad-input` naming file and line, where one of the two is missing, or an id stands twice
 */
export async function readReferences(path: string): Promise<References> {
  const references = new Map<string, { gold: readonly string[]; fields: Readonly<Record<string, unknown>> }>()
  const source = await openRecords(path)
  try {
    for await (const { records, lines } of source.batches)
      for (const [index, fields] of records.entries()) {
        const place = placeIn(source, lines[index])
        const id = textOf(fields.id)
        const gold = [fields.gold].flat().flatMap((each) => textOf(each) ?? [])
        if (id === undefined || gold.every((text) => text.trim() === ''))
          throw new SpillwayError(
            'bad-input',
            `${place}: expected {"id": …, "gold": …}: the id of an audited request, and its right answer or a list of them`,
          )
        if (references.has(id)) throw new SpillwayError('bad-input', `${place}: ${id} stands there twice; leave one`)
        references.set(id, { gold, fields })
      }
  } finally {
    await source.close()
  }
  return references
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined
