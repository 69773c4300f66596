import { SpillwayError } from '../../core/errors.ts'

/** How DuckDB reads a path. */
export interface Reader {
  /** Texts are parsed once, into a table. */
  isText: boolean
  /** The table function, given the quoted path. */
  call(path: string): string
}

const PACKED = /\.(gz|zst)$/i

/**
 * The reader for a path's ending.
 * @throws SpillwayError `usage` for an ending that says nothing
 */
export function readerOf(path: string): Reader {
  const plain = withoutQuery(path).replace(PACKED, '')
  if (/\.parquet$/i.test(plain)) return { isText: false, call: (file) => `read_parquet(${file}, union_by_name = true)` }
  if (/\.(csv|tsv)$/i.test(plain)) return { isText: true, call: (file) => `read_csv(${file}, sample_size = -1)` }
  if (/\.(jsonl|ndjson|json)$/i.test(plain))
    return { isText: true, call: (file) => `read_json(${file}, sample_size = -1, maximum_object_size = 67108864)` }
  throw new SpillwayError(
    'usage',
    `${shownPath(path)}: its ending does not say what it is; expected .parquet, .jsonl, .ndjson, .json, .csv or .tsv, also with .gz or .zst`,
  )
}

/** Whether a path is one that only DuckDB reads: Parquet, zst, a pattern, or an address. */
export const needsDuckDb = (path: string): boolean =>
  /\.(parquet|zst)$/i.test(withoutQuery(path)) ||
  /^(s3|s3a|gs|gcs|r2|az|abfss|https?|hf):\/\//i.test(path) ||
  /[*?[]/.test(path)

/** A path as it is shown: of an address neither user and password nor its query, which may hold a signature. */
export const shownPath = (path: string): string =>
  /^[a-z0-9]+:\/\//i.test(path) ? withoutQuery(path).replace(/^([a-z0-9]+:\/\/)[^/]*@/i, '$1') : path

const withoutQuery = (path: string): string => (/^[a-z0-9]+:\/\//i.test(path) ? path.replace(/[?#].*$/, '') : path)

/** A file's name without folder and endings. */
export const stemOf = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/(\.(parquet|jsonl|ndjson|json|csv|tsv|gz|zst))+$/i, '') || 'outcomes'
