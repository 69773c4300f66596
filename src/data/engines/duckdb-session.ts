import type { DuckDBConnection } from '@duckdb/node-api'
import { SpillwayError } from '../../core/errors.ts'
import { literally, shownPath } from './paths.ts'
import { spillFolder } from './spill-folder.ts'

/** What DuckDB may take. */
export interface DuckDbLimits {
  /** The most memory DuckDB takes, such as `4GB`; beyond it spills to disk. Default: its own, 80 % of the machine's. */
  memoryLimit?: string
  /** Default: as many as there are cores. */
  threads?: number
}

/** A database in memory, which spills to a folder of its own. */
export interface DuckDbSession {
  connection: DuckDBConnection
  close: () => Promise<void>
}

/**
 * Opens DuckDB for reading a path, and does with it what is to be done first; where that fails, it is closed again.
 * @throws SpillwayError `usage` where DuckDB is not installed or its memory limit is none, else what `refuse` makes
 */
export async function withDuckDb<Opened>(
  path: string,
  limits: DuckDbLimits,
  begin: (session: DuckDbSession) => Promise<Opened>,
): Promise<Opened> {
  const { DuckDBInstance } = await loadDuckDb()
  const spill = spillFolder()
  const settings: Record<string, string> = { temp_directory: spill.path }
  if (limits.memoryLimit !== undefined) settings.memory_limit = limits.memoryLimit
  if (limits.threads !== undefined) settings.threads = String(limits.threads)
  let close = async () => spill.remove()
  try {
    const instance = await DuckDBInstance.create(':memory:', settings)
    const connection = await instance.connect()
    spill.onEnd(() => connection.interrupt())
    close = async () => {
      connection.closeSync()
      instance.closeSync()
      spill.remove()
    }
    return await begin({ connection, close })
  } catch (cause) {
    await close()
    return refuse(cause, path, limits)
  }
}

async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch (cause) {
    throw new SpillwayError('usage', 'DuckDB, which reads this, needs one more package: npm install @duckdb/node-api', {
      cause,
    })
  }
}

/** What DuckDB says, as a mistake of the user's: without what an address keeps secret. */
export function refuse(cause: unknown, path: string, { memoryLimit }: DuckDbLimits): never {
  if (SpillwayError.is(cause) || !(cause instanceof Error)) throw cause
  const name = shownPath(path)
  const said = saidIn(cause.message.replaceAll(literally(path), name).replaceAll(path, name))
  const [, line, wrong] =
    /CSV Error on Line: (\d+) (?:Original Line: .*?(?= Expected Number| Value with| Invalid unicode))?(.*)/s.exec(
      said,
    ) ?? []
  if (line !== undefined)
    throw new SpillwayError('bad-input', `${name}:${line}: not valid CSV (${wrong.trim()})`, { cause })
  if (/No files found/.test(said)) throw new SpillwayError('bad-input', `${name}: there is no such file`, { cause })
  if (said === 'Failed to set config' && memoryLimit !== undefined)
    throw new SpillwayError('usage', `--memory-limit ${memoryLimit} is no size; expected one such as 4GB`, { cause })
  const remedy = memoryLimit !== undefined && /out of memory/i.test(said) ? '; give --memory-limit more' : ''
  throw new SpillwayError('bad-input', `${name}: DuckDB cannot read this (${said})${remedy}`, { cause })
}

/** The first paragraph of what DuckDB says: advice on its own settings, and the query, follow. */
function saidIn(message: string): string {
  const lines = message.split('\n').map((line) => line.trim())
  const end = lines.findIndex((line, i) => i > 0 && /^(Possible (fixes|solutions)|LINE \d|See also|$)/.test(line))
  const said = lines.slice(0, end < 0 ? undefined : end).join(' ')
  return said.length > 400 ? `${said.slice(0, 400)}…` : said
}
