import { duckdbBins, duckdbNumber, leadingBits } from './duckdb-bins.ts'
import { rawBits, type Dialect, type EngineColumn } from './dialect.ts'

export const duckdbIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** DuckDB knows no escapes in texts but the doubled quote. */
export const duckdbText = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** What spreadsheets and pandas write for a missing value; a truth value is a quality of 1 or 0. */
const words = (sql: string) =>
  `CASE WHEN lower(trim(${sql})) IN ('', 'na', 'n/a', '#n/a', 'null', 'none') THEN NULL WHEN lower(trim(${sql})) = 'true' THEN '1' WHEN lower(trim(${sql})) = 'false' THEN '0' ELSE ${sql} END`

/** What a text may say where numbers have a type of their own: as in JSON, only what JSON has no number for. */
const notFinite = (sql: string) => `regexp_full_match(trim(${sql}), '[+-]?(nan|inf|infinity)', 'i')`

/** A text as a double. DuckDB would take `1_000` for a number too, and `1e999` for an infinite one. */
const numberIn = (sql: string) => {
  const number = `TRY_CAST(${words(sql)} AS DOUBLE)`
  return `CASE WHEN NOT contains(${sql}, '_') AND (isfinite(${number}) OR ${notFinite(sql)}) THEN ${number} END`
}

/** How DuckDB writes what a sweep asks of columns with types: a text is no number, whatever it says. */
export const duckdb: Dialect = {
  double: ({ sql, kind, type }) =>
    kind === 'text' ? numberIn(sql) : type === 'DOUBLE' ? sql : `CAST(${sql} AS DOUBLE)`,
  text: ({ sql, text }) => `NULLIF(CAST(${text ?? sql} AS VARCHAR), '')`,
  notNumber: ({ sql, kind }: EngineColumn) =>
    kind === 'text' ? `${sql} IS NOT NULL AND NOT ${notFinite(sql)}` : 'false',
  number: duckdbNumber,
  isFinite: (x) => `isfinite(${x})`,
  leadingBits,
  leadingBitsOf: (value, bits) => String(BigInt.asIntN(64, rawBits(value)) >> BigInt(64 - bits)),
  bins: duckdbBins,
  someOf: (from, share) => `(SELECT * FROM ${from} TABLESAMPLE SYSTEM(${(100 * share).toFixed(3)} PERCENT))`,
  // Parquet tells them for every piece of a file.
  knowsExtremes: true,
  count: (condition) => `CAST(count(*)${condition === undefined ? '' : ` FILTER (WHERE ${condition})`} AS DOUBLE)`,
  aggregate: (name, x, condition) => `${name}(${x})${condition === undefined ? '' : ` FILTER (WHERE ${condition})`}`,
  // A third of the time that md5_number_lower takes, which is this half of the number.
  bucket: (text, buckets) => `CAST((md5_number(${text}) >> 64::UHUGEINT) & ${buckets - 1}::UHUGEINT AS DOUBLE)`,
  countKnown: (x) => `CAST(count(${x}) AS DOUBLE)`,
  countDistinct: (x, exactly) => `CAST(${exactly ? `count(DISTINCT ${x})` : `approx_count_distinct(${x})`} AS DOUBLE)`,
}

/** The same of files in which everything is a text, such as CSV. */
export const duckdbTexts: Dialect = {
  ...duckdb,
  notNumber: ({ sql, kind }: EngineColumn) =>
    kind === 'text' ? `(${words(sql)}) IS NOT NULL AND ${numberIn(sql)} IS NULL` : 'false',
}
