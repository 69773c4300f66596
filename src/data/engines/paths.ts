import { existsSync } from 'node:fs'
import { SpillwayError } from '../../core/errors.ts'

/** How DuckDB reads a path. */
export type Reader =
  | { format: 'csv' }
  | {
      /** Texts are parsed once, into a table; Parquet is not. */
      format: 'parquet' | 'json'
      /** The table function that finds out what columns hold, given the quoted path. */
      call(path: string): string
      /** The one that leaves texts as they are: a column `json` of objects. */
      raw(path: string): string
    }

const PACKED = /\.(gz|zst)$/i

/**
 * The option that says how a file is packed. DuckDB finds it out itself, but not where a `?` in its name looks like an
 * address's query to it.
 */
export const unpacked = (path: string): string => {
  const ending = PACKED.exec(withoutQuery(path))?.[1].toLowerCase()
  return ending === undefined ? '' : `, compression = '${ending === 'gz' ? 'gzip' : 'zstd'}'`
}

/**
 * The reader for a path's ending.
 * @throws SpillwayError `usage` for an ending that says nothing
 */
export function readerOf(path: string): Reader {
  const plain = withoutQuery(path).replace(PACKED, '')
  const packed = unpacked(path)
  if (/\.parquet$/i.test(plain)) {
    const call = (file: string) => `read_parquet(${file}, union_by_name = true)`
    return { format: 'parquet', call, raw: call }
  }
  if (/\.(csv|tsv)$/i.test(plain)) return { format: 'csv' }
  if (/\.(jsonl|ndjson|json)$/i.test(plain))
    return {
      format: 'json',
      call: (file) => `read_json(${file}, sample_size = -1, maximum_object_size = 67108864${packed})`,
      raw: (file) => `read_json_objects(${file}, maximum_object_size = 67108864${packed})`,
    }
  throw new SpillwayError(
    'usage',
    `${shownPath(path)}: its ending does not say what it is; expected .parquet, .jsonl, .ndjson, .json, .csv or .tsv, also with .gz or .zst`,
  )
}

/**
 * What reads a name: ClickHouse its addresses, DuckDB Parquet, zst, patterns and other addresses, this process the
 * rest. A file whose own name looks like a pattern is no pattern.
 */
export function readBy(name: string): 'memory' | 'duckdb' | 'clickhouse' {
  if (/^clickhouses?:\/\//i.test(name)) return 'clickhouse'
  if (/\.(parquet|zst)$/i.test(withoutQuery(name))) return 'duckdb'
  if (/^(s3|s3a|gs|gcs|r2|az|abfss|https?|hf):\/\//i.test(name)) return 'duckdb'
  return /[*?[]/.test(name) && !existsSync(name) ? 'duckdb' : 'memory'
}

/**
 * The name that makes DuckDB read just what the user named: it takes `[`, `*` and `?` in any path for a pattern, and
 * would read other files in silence. In a class of one, each is itself. Addresses it knows in small letters only.
 */
export function literally(name: string): string {
  if (isAddress(name)) return name.replace(/^[a-z0-9]+:/i, (scheme) => scheme.toLowerCase())
  return existsSync(name) ? name.replace(/[[*?]/g, '[$&]') : name
}

/** A path as it is shown: of an address neither user and password nor its query, which may hold a signature. */
export const shownPath = (path: string): string =>
  isAddress(path) ? withoutQuery(path).replace(/^([a-z0-9]+:\/\/)[^/]*@/i, '$1') : path

/** Whether a name is an address rather than a path of this machine. */
export const isAddress = (name: string): boolean => /^[a-z0-9]+:\/\//i.test(name)

const withoutQuery = (path: string): string => (isAddress(path) ? path.replace(/[?#].*$/, '') : path)
