import { decimalsOf } from './ticks.ts'

/** A number as text. */
export type Format = (value: number) => string

/** A minus sign where a hyphen stands for one. */
const minus = (text: string): string => text.replace(/^-/, '−')

const digits = (most: number) => {
  const format = new Intl.NumberFormat('en-US', { maximumSignificantDigits: most })
  const [tiny, huge] = [1e-4, 1e9]
  return (value: number): string => {
    const size = Math.abs(value)
    if (size !== 0 && (size < tiny || size >= huge)) return scientific(value, most)
    return minus(format.format(value))
  }
}

/** `2.5e−7`. */
const scientific = (value: number, most: number): string =>
  minus(Number(value.toPrecision(most)).toExponential())
    .replace('e-', 'e−')
    .replace('e+', 'e')

/** A number of any size, with thousands separators, to as many digits as ticks need. */
export const plain: Format = digits(6)

/** Ticks of an axis, all to the same decimals. */
export function tickTexts(ticks: readonly number[]): (value: number) => string {
  const step = ticks.slice(1).reduce((least, tick, i) => Math.min(least, tick - ticks[i]), Infinity)
  const decimals = Number.isFinite(step) ? decimalsOf(step) : 0
  if (decimals > 6 || Math.max(...ticks.map(Math.abs)) >= 1e9) return plain
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return (value) => (value === 0 ? '0' : minus(format.format(value)))
}

/** A number that is read in a sentence: three digits. */
export const short: Format = digits(3)

/** A share in percent: `43 %`, and `0.4 %` where that would be nothing. */
export const percent: Format = (share) => `${short(Number((100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)))} %`

/** A change in percent, with its sign. */
export const change: Format = (value) =>
  `${value > 0 ? '+' : ''}${plain(Number(value.toPrecision(Math.abs(value) < 1000 ? 2 : 3)))} %`

/** A difference with its sign, to two decimals. */
export const signed: Format = (value) => {
  const text = Math.abs(value).toFixed(2)
  return Number(text) === 0 ? '0' : `${value > 0 ? '+' : '−'}${text}`
}

/** A threshold to as many digits as tell it from its neighbours on a chart. */
export const threshold: Format = digits(4)

/** `mean_logprob (nats)`; a signal without a unit stands alone. */
export const withUnit = (name: string, unit: string): string =>
  unit === 'none' || unit === '' ? name : `${name} (${unit})`
