import { SpillwayError } from '../core/errors.ts'
import type { OutcomesBuilder } from '../core/outcomes/builder.ts'
import { SourceRows } from '../core/outcomes/source-rows.ts'
import { plural, type Finding } from '../core/outcomes/findings.ts'
import { placeIn, type RecordSource } from '../core/outcomes/source.ts'

type Row = Record<string, unknown>
interface Located {
  record: Row
  line: number
}

/** The rows of a source one by one: the batches are what keeps this fast. */
class Cursor {
  #batch: { records: Row[]; lines: ArrayLike<number> } = { records: [], lines: [] }
  #at = 0
  readonly #batches: AsyncIterator<{ records: Row[]; lines: ArrayLike<number> }>

  constructor(source: RecordSource) {
    this.#batches = source.batches[Symbol.asyncIterator]()
  }

  /** How many rows can be taken before the next batch must be awaited; 0 at the end. */
  async available(): Promise<number> {
    while (this.#at === this.#batch.records.length) {
      const next = await this.#batches.next()
      if (next.done === true) return 0
      this.#batch = next.value
      this.#at = 0
    }
    return this.#batch.records.length - this.#at
  }

  take(): Located {
    const at = this.#at++
    return { record: this.#batch.records[at], line: this.#batch.lines[at] }
  }

  async countRest(): Promise<number> {
    let count = 0
    for (let rows = await this.available(); rows > 0; rows = await this.available()) {
      count += rows
      this.#at += rows
    }
    return count
  }
}

/** Reads one file into the builder. */
export async function readAlone(builder: OutcomesBuilder, source: RecordSource): Promise<SourceRows[]> {
  const main = new SourceRows(source)
  for await (const { records, lines } of source.batches) {
    for (let i = 0; i < records.length; i++) {
      main.line = lines[i]
      builder.add(main, records[i])
    }
  }
  return [main]
}

/**
 * Reads two files whose k-th rows belong together.
 * @throws SpillwayError `bad-input` with both lengths where they differ
 */
export async function joinByPosition(
  builder: OutcomesBuilder,
  first: RecordSource,
  second: RecordSource,
  findings: Finding[],
): Promise<SourceRows[]> {
  const [a, b] = [new SourceRows(first), new SourceRows(second)]
  const [left, right] = [new Cursor(first), new Cursor(second)]
  const differing = { rows: 0, place: '' }
  for (;;) {
    const [leftRows, rightRows] = [await left.available(), await right.available()]
    const pairs = Math.min(leftRows, rightRows)
    for (let i = 0; i < pairs; i++) {
      const [l, r] = [left.take(), right.take()]
      if (differentIds(l.record.id, r.record.id) && differing.rows++ === 0)
        differing.place = `${placeIn(first, l.line)} and ${placeIn(second, r.line)}`
      a.line = l.line
      b.line = r.line
      builder.add(a, l.record, b, r.record)
    }
    if (pairs > 0) continue
    if (leftRows !== rightRows) {
      const [n, m] = [builder.rows + (await left.countRest()), builder.rows + (await right.countRest())]
      const longer = n > m ? first.name : second.name
      throw new SpillwayError(
        'bad-input',
        `${first.name} has ${plural(n, 'row')}, ${second.name} ${m}: row ${builder.rows + 1} of ${longer} has no partner. Join by a common column with --join id`,
      )
    }
    if (differing.rows > 0) {
      const message = `the files are joined by position, but ids differ in ${plural(differing.rows, 'row')}, first ${differing.place}: join them with --join id`
      findings.push({ level: 'warning', code: 'ids-differ', rows: differing.rows, message })
    }
    return [a, b]
  }
}

const differentIds = (a: unknown, b: unknown): boolean => isId(a) && isId(b) && String(a) !== String(b)
const isId = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number'

/**
 * Reads two files whose rows belong together where they have the same value of a column. The second is held in memory.
 * @throws SpillwayError `bad-input` where an id is absent, stands twice, or is in one file only
 */
export async function joinById(
  builder: OutcomesBuilder,
  first: RecordSource,
  second: RecordSource,
  key: string,
): Promise<SourceRows[]> {
  const [a, b] = [new SourceRows(first), new SourceRows(second)]
  const partners = new Map<string, Located>()
  for await (const { records, lines } of second.batches) {
    records.forEach((record, i) => {
      const id = idOf(record, key, placeIn(second, lines[i]))
      const earlier = partners.get(id)
      if (earlier !== undefined) throw twice(id, key, placeIn(second, earlier.line), placeIn(second, lines[i]))
      partners.set(id, { record, line: lines[i] })
    })
  }
  const total = partners.size
  const used = new Map<string, number>()
  const alone = { rows: 0, id: '', place: '' }
  for await (const { records, lines } of first.batches) {
    for (let i = 0; i < records.length; i++) {
      const id = idOf(records[i], key, placeIn(first, lines[i]))
      const earlier = used.get(id)
      if (earlier !== undefined) throw twice(id, key, placeIn(first, earlier), placeIn(first, lines[i]))
      used.set(id, lines[i])
      const partner = partners.get(id)
      if (partner === undefined) {
        if (alone.rows++ === 0) Object.assign(alone, { id, place: placeIn(first, lines[i]) })
        continue
      }
      partners.delete(id)
      a.line = lines[i]
      b.line = partner.line
      builder.add(a, records[i], b, partner.record)
    }
  }
  const counts = `${first.name} has ${plural(used.size, 'row')}, ${second.name} ${total}`
  if (alone.rows > 0)
    throw new SpillwayError(
      'bad-input',
      `${counts}: ${key} ${JSON.stringify(alone.id)} (${alone.place}) is not in ${second.name}, nor are ${alone.rows - 1} others`,
    )
  const [left] = partners
  if (left !== undefined)
    throw new SpillwayError(
      'bad-input',
      `${counts}: ${key} ${JSON.stringify(left[0])} (${placeIn(second, left[1].line)}) is not in ${first.name}, nor are ${partners.size - 1} others`,
    )
  return [a, b]
}

function idOf(record: Row, key: string, place: string): string {
  const id = record[key]
  if (typeof id === 'number' && Number.isInteger(id) && !Number.isSafeInteger(id))
    throw new SpillwayError(
      'bad-input',
      `${place}: ${key} is a number beyond 2^53, which JSON numbers do not hold exactly; write it as a text`,
    )
  if (isId(id)) return String(id)
  throw new SpillwayError('bad-input', `${place}: no ${key} to join by; it must be a text or a number`)
}

const twice = (id: string, key: string, before: string, here: string): SpillwayError =>
  new SpillwayError(
    'bad-input',
    `${here}: ${key} ${JSON.stringify(id)} stands here a second time (first ${before}); to join by it, it must be unique`,
  )
