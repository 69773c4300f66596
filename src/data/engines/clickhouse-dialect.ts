import { rawBits, type Dialect, type EngineColumn } from './dialect.ts'

/** ClickHouse knows backslashes inside both quotes. */
const quoted = (text: string, mark: '`' | "'"): string =>
  mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark

export const clickhouseIdentifier = (name: string): string => quoted(name, '`')

const isNullable = ({ type }: EngineColumn): boolean => type.includes('Nullable(')

const leadingBits = (x: string, bits: number): string =>
  `bitShiftRight(reinterpretAsUInt64(reinterpretAsString(if(${x} = 0, 0e0, ${x}))), ${64 - bits})`

/** How ClickHouse, from 18.16 on, writes what a sweep asks. No alias stands anywhere: it could hide a column. */
export const clickhouse: Dialect = {
  double: (column) => {
    const number = `toFloat64(${column.sql})`
    return isNullable(column) ? `ifNull(${number}, nan)` : number
  },
  text: ({ sql }) => `nullIf(toString(${sql}), '')`,
  // Old servers read some decimals to the next double, and refuse the smallest: bits are bits.
  number: (value) => `reinterpretAsFloat64(reinterpretAsString(toUInt64(${rawBits(value)})))`,
  isFinite: (x) => `isFinite(${x})`,
  leadingBits,
  leadingBitsOf: (value, bits) => String(rawBits(value) >> BigInt(64 - bits)),
  bins: (x, { bits, edges }) => ({
    by: leadingBits(x, bits),
    selected: edges ? [`min(${x})`] : [`min(${x})`, `max(${x})`],
    ends: ([low, high = low]) => [low, high],
  }),
  knowsExtremes: false,
  count: (condition) => `toFloat64(${condition === undefined ? 'count()' : `countIf(${condition})`})`,
  aggregate: (name, x, condition) => (condition === undefined ? `${name}(${x})` : `${name}If(${x}, ${condition})`),
  bucket: (text, buckets) =>
    `if(isNull(${text}), nan, toFloat64(bitAnd(reinterpretAsUInt16(substring(toString(MD5(assumeNotNull(${text}))), 9, 2)), ${buckets - 1})))`,
  countKnown: (x) => `toFloat64(count(${x}))`,
  countDistinct: (x, exactly) => `toFloat64(${exactly ? 'uniqExact' : 'uniqCombined'}(${x}))`,
}

/** A column from its name, which may hold dots, and its type; tuples are not looked into. */
export const clickhouseColumn = (name: string, type: string): EngineColumn => ({
  path: name,
  sql: clickhouseIdentifier(name),
  kind: kindOf(type),
  type,
})

function kindOf(type: string): EngineColumn['kind'] {
  const plain = type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  if (/^(U?Int\d+|Float\d+|BFloat16|Decimal.*)$/.test(plain)) return 'number'
  if (plain === 'Bool') return 'boolean'
  return /^(String|FixedString.*|UUID|Enum.*)$/.test(plain) ? 'text' : 'other'
}
