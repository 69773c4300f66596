import type { DecisionRecord } from '../cascade/record.ts'
import type { DecisionLog } from './decision-log.ts'

/** What a log needs of a database. */
export interface DecisionTable {
  /** What the operator calls it; without a password. */
  place: string
  /** Makes the table with these columns, unless it is there. */
  create(columns: Readonly<Record<string, string>>): Promise<void>
  insert(rows: readonly DecisionRow[]): Promise<void>
  close(): Promise<void>
}

/** A record as a row: flat what one asks for, and all of it beside that. */
export type DecisionRow = Record<keyof typeof decisionColumns, string | number | null>

/** The columns of the table. Old servers know no times with milliseconds: these are in the record. */
export const decisionColumns = {
  id: 'String',
  time: 'DateTime',
  cascade: 'String',
  policy: 'Nullable(String)',
  outcome: 'String',
  stage: 'Nullable(String)',
  status: 'UInt16',
  decision: 'Nullable(String)',
  reason: 'Nullable(String)',
  signal: 'Nullable(String)',
  cost: 'Nullable(Float64)',
  always_large_cost: 'Nullable(Float64)',
  saved: 'Nullable(Float64)',
  latency_ms: 'Float64',
  record: 'String',
} as const

/** How a log in a table gathers, waits and ends. */
export interface ClickHouseLogOptions {
  /** Rows go together, up to so many; 1,000. */
  rows?: number
  /** Or what has come in so long; 1,000. */
  gatherMs?: number
  /** After a failure, before it is tried again, twice as long each time up to 30 times that; 1,000. */
  restMs?: number
  /** How long an end waits for what is not written yet; 5,000. */
  closeMs?: number
  /** So much waits in memory at most, in characters; 16 million. */
  mostWaiting?: number
  /** Told of what keeps it from writing, once until it writes again. */
  onNotice: (text: string) => void
}

/** A request never grows beyond that, unless one record does. */
const MOST_AT_ONCE = 2 ** 22

/**
 * A decision log in a table. What cannot be written waits, within bounds, and is tried again: a batch whose answer was
 * lost may come twice, under the same ids.
 */
export function clickhouseLog(table: DecisionTable, options: ClickHouseLogOptions): DecisionLog {
  const { rows: most = 1000, gatherMs = 1000, restMs = 1000, closeMs = 5000, mostWaiting = 2 ** 24 } = options
  const waiting: { row: DecisionRow; length: number }[] = []
  let length = 0
  let dropped = 0
  let created = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let closing = false

  function schedule() {
    if (writing !== undefined || waiting.length === 0) return
    const rests = failures > 0 ? restMs * Math.min(30, 2 ** (failures - 1)) : undefined
    const wait = rests ?? (closing || waiting.length >= most || length >= MOST_AT_ONCE ? 0 : gatherMs)
    // A full batch does not wait for the timer of a first row, but for that of a failure.
    if (timer !== undefined && (rests !== undefined || wait > 0)) return
    clearTimeout(timer)
    timer = setTimeout(flush, wait)
    timer.unref()
  }
  function flush() {
    timer = undefined
    writing = write().finally(() => {
      writing = undefined
      schedule()
    })
  }
  async function write() {
    let count = 0
    for (let size = 0; count < Math.min(most, waiting.length) && size < MOST_AT_ONCE; count++)
      size += waiting[count].length
    try {
      if (!created) await table.create(decisionColumns)
      created = true
      await table.insert(waiting.slice(0, count).map(({ row }) => row))
      for (const each of waiting.splice(0, count)) length -= each.length
      failures = 0
    } catch (error) {
      // The table may be gone as well.
      created = false
      if (failures++ === 0)
        options.onNotice(`the decision log cannot be written to ${table.place} (${wordsOf(error)}); it is tried again`)
    }
  }

  return {
    write(record) {
      const line = JSON.stringify(record)
      if (closing || length + line.length > mostWaiting) {
        dropped++
        return
      }
      waiting.push({ row: rowOf(record, line), length: line.length })
      length += line.length
      schedule()
    },
    dropped: () => dropped,
    async close() {
      closing = true
      const end = performance.now() + closeMs
      while (waiting.length > 0 && performance.now() < end) {
        clearTimeout(timer)
        timer = undefined
        if (failures > 0) await later(Math.min(restMs, end - performance.now()))
        if (writing === undefined) flush()
        await Promise.race([writing, later(end - performance.now())])
      }
      clearTimeout(timer)
      if (waiting.length > 0) {
        dropped += waiting.length
        options.onNotice(`the decision log ends with ${waiting.length} lines that ${table.place} did not take`)
        waiting.length = 0
      }
      await table.close()
    },
  }
}

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)))

const wordsOf = (error: unknown): string => {
  const { code, message = String(error) } = error as { code?: string; message?: string }
  return /^E[A-Z]+$/.test(code ?? '') ? code! : message.split('\n')[0].slice(0, 300).trim()
}

const rowOf = (record: DecisionRecord, line: string): DecisionRow => ({
  id: record.id,
  time: Math.floor(Date.parse(record.time) / 1000),
  cascade: record.cascade,
  policy: record.policy,
  outcome: record.outcome,
  stage: record.stage,
  status: record.status,
  decision: record.decision ?? null,
  reason: record.reason ?? null,
  signal: record.signal ?? null,
  cost: record.cost,
  always_large_cost: record.always_large_cost,
  saved: record.saved,
  latency_ms: record.latency_ms,
  record: line,
})
