import { stat } from 'node:fs/promises'
import { jsonLines } from './json-lines.ts'
import type { AuditedSide, AuditRecord, Mark } from './record.ts'
import { markOf } from './schema.ts'

/** What was marked: the last mark of each answer. */
export interface Marks {
  get(id: string, answer: Mark['answer']): Mark | undefined
  /** Answers that are marked. */
  readonly size: number
}

/** Marks to which more come. */
export interface GrowingMarks extends Marks {
  add(mark: Mark): void
}

/** No marks yet. */
export function noMarks(): GrowingMarks {
  const marks = { small: new Map<string, Mark>(), large: new Map<string, Mark>() }
  return {
    get: (id, answer) => marks[answer].get(id),
    add: (mark) => void marks[mark.answer].set(mark.id, mark),
    get size() {
      return marks.small.size + marks.large.size
    },
  }
}

/**
 * The marks of files; of a file that is not there, none. A last line that was cut off is left out.
 * @throws SpillwayError `bad-input` naming file and line, where something else stands there
 */
export async function readMarks(paths: readonly string[]): Promise<Marks> {
  const marks = noMarks()
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined)) === undefined) continue
    for await (const { value, place } of jsonLines(path, () => {})) marks.add(markOf(value, place))
  }
  return marks
}

/** A record with the qualities that were given later in place of those that it came with. */
export function withMarks(record: AuditRecord, marks: Marks): AuditRecord {
  const found = { small: marks.get(record.id, 'small'), large: marks.get(record.id, 'large') }
  if (found.small === undefined && found.large === undefined) return record
  const scorers = new Set<string>()
  const marked = <Side extends AuditedSide>(side: Side, mark: Mark | undefined): Side => {
    if (mark === undefined) {
      if (side.quality !== undefined && record.scorer !== undefined) scorers.add(record.scorer)
      return side
    }
    scorers.add(mark.scorer)
    return { ...side, quality: mark.quality }
  }
  const { small, large } = record
  const sides = {
    ...(small === undefined ? {} : { small: marked(small, found.small) }),
    ...(large === undefined ? {} : { large: marked(large, found.large) }),
  }
  if (scorers.size === 0) return record
  return { ...record, scorer: [...scorers].join(', '), ...sides }
}
