import { asciiNumerals } from './numerals.ts'

/** A number as it stands in a text; `percent`: with a percent sign, by which it is not yet divided. */
export interface NumberInText {
  value: number
  percent: boolean
}

// Thousands in groups of three ("1,234.5", "1'234", "1 234"), the European "1.234,5", "3,5" and "0,125", plain digits.
// "1,234" is English; a list such as "1,2,3" is three numbers.
const digits = [
  String.raw`[1-9]\d{0,2}(?:[,'’_ \u00a0\u2009\u202f]\d{3})+(?![\d,/])(?:\.\d+)?`,
  String.raw`\d{1,3}(?:\.\d{3})+,\d+`,
  String.raw`(?<!\d,)(?:0|\d+(?!,\d{3}(?!\d))),\d+(?![\d.]*,\d)`,
  String.raw`\d+(?:\.\d+)?|\.\d+`,
].join('|')

const number = new RegExp(
  [
    // Not glued to a letter (H2O, x3). A minus after a letter, digit or bracket is a hyphen (GPT-4, 10-12).
    String.raw`(?<![\p{L}\p{N}_]|[\p{L}\p{N}_]\.)(?<sign>(?<![)%])[-+])?\\?[$€£¥₹]?(?<inner>(?<=[$€£¥₹])[-+])?`,
    String.raw`(?:(?:(?<mantissa>${digits})\s?(?:[×x·*]|\\times|\\cdot)\s?)?10\s?\^\s?\{?(?<power>[-+]?\d{1,4})\}?`,
    String.raw`|(?:(?<whole>\d{1,3}) )?(?<![\d/])(?<over>\d+)\/(?<under>\d+)(?![\d/])`,
    String.raw`|(?<plain>${digits})(?<exponent>[eE][-+]?\d{1,4}(?![\p{L}\d]))?)`,
    String.raw`(?:\s?\\?(?<percent>[%٪]|per\s?cent\b))?`,
  ].join(''),
  'gu',
)
const announced = /####|\\boxed\{|\banswer(?:\s+is|\s*:)/gi

/**
 * The number an answer gives: the first after the last "####", "answer is", "answer:" or "\boxed{", else the last of
 * all. Reads thousands separators, currency signs, percent signs, 1.5e3, 1.5 × 10^3, 3/4, 1 3/4 and U+2212. No finite
 * number: `undefined`.
 */
export function readNumber(text: string): NumberInText | undefined {
  const ascii = asciiNumerals(text)
  const mark = [...ascii.matchAll(announced)].at(-1)
  const after = mark === undefined ? [] : numbersIn(ascii.slice(mark.index + mark[0].length))
  return after[0] ?? numbersIn(ascii).at(-1)
}

const numbersIn = (text: string): NumberInText[] =>
  [...text.matchAll(number)].flatMap(({ groups = {} }) => {
    const size = sizeOf(groups)
    const value = groups.sign === '-' || groups.inner === '-' ? -size : size
    return Number.isFinite(value) ? [{ value, percent: groups.percent !== undefined }] : []
  })

function sizeOf({
  mantissa,
  power,
  whole = '0',
  over,
  under,
  plain,
  exponent = '',
}: Partial<Record<string, string>>): number {
  if (power !== undefined) return Number(`${mantissa === undefined ? 1 : decimal(mantissa)}e${power}`)
  if (over !== undefined) return Number(whole) + Number(over) / Number(under)
  return Number(`${decimal(plain ?? '')}${exponent}`)
}

/** A number in the form that `Number` reads. */
function decimal(written: string): string {
  const grouped = written.replaceAll(/['’_ \u00a0\u2009\u202f]/g, '')
  if (/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(grouped)) return grouped.replaceAll(',', '')
  return grouped.includes(',') ? grouped.replaceAll('.', '').replace(',', '.') : grouped
}
