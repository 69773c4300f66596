import type { Binning, BinningRequest } from './dialect.ts'

/** A finite double: without an exponent it would be a decimal, which is another number once it is made a double. */
export const duckdbNumber = (value: number): string => {
  const digits = String(value + 0)
  return `(${digits.includes('e') ? digits : `${digits}e0`})`
}

/** A double's bits as a whole number; + 0 turns -0 into 0. */
const bitsOf = (x: string) => `CAST(CAST(${x} + 0e0 AS BIT) AS BIGINT)`
const fromBits = (bits: string) => `CAST(CAST(${bits} AS BIT) AS DOUBLE)`

/** The leading bits of a double. */
export const leadingBits = (x: string, bits: number): string => `${bitsOf(x)} >> ${64 - bits}`

/** Up to this far from 0 values are cut to a bin by arithmetic. */
const LARGEST = 2 ** 60

/** How DuckDB puts rows into bins. */
export const duckdbBins = (x: string, request: BinningRequest): Binning =>
  request.edges && request.largest <= LARGEST ? byArithmetic(x, request) : byBits(x, request)

/** For any double, with the values in each bin: the bits, once made, serve for these too. */
function byBits(x: string, { bits }: BinningRequest): Binning {
  // The extremes of whole numbers cost a third of those of doubles. Of negative doubles the greater bits are the less.
  const [low, high] = [fromBits(`min(${bitsOf(x)})`), fromBits(`max(${bitsOf(x)})`)]
  return {
    by: leadingBits(x, bits),
    selected: [`least(${low}, ${high})`, `greatest(${low}, ${high})`],
    ends: ([least, most]) => [least, most],
  }
}

/** With values multiplied by it nothing underflows, down to the least double, nor overflows, up to `LARGEST`. */
const SCALE = 2 ** 900
/** Turns 0 / 0 into 0, and is lost in any other divisor. */
const NOUGHT = 1e-300

/**
 * A value x in a bin of b bits is cut to the bin's end next to 0 by trunc(x / u) * u, where u is the power of two that
 * the bin is wide: half of the time that its bits take. It is exact whatever power of two u is, and where u is less than
 * the bin, each piece that it makes is of this bin alone. With y = 0.75 x, or a little less, and z = 2^52 y, which is
 * exact, a double near z is a multiple of y's own power of two. So (y + z) - z is y rounded to one bit: never above x's
 * power of two, since y is below 1.5 times that.
 */
function byArithmetic(x: string, { bits }: BinningRequest): Binning {
  const scaled = `(${x} * ${duckdbNumber(SCALE)})`
  const y = `(${scaled} * ${duckdbNumber(0.75 * (1 - 2 ** -50) * 2 ** (12 - bits))})`
  const z = `(${y} * ${duckdbNumber(2 ** 52)})`
  const unit = `((${y} + ${z}) - ${z})`
  const cut = `(trunc(${scaled} / (${unit} + ${duckdbNumber(NOUGHT)})) * ${unit})`
  return {
    by: cut,
    selected: [cut],
    ends: ([cuts]) => {
      const values = cuts.map((value) => value / SCALE)
      return [values, values]
    },
  }
}
