const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10]
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/**
 * A text with its numbers in ASCII: Arabic-Indic, Persian, Devanagari and full-width digits, minus signs (U+2212),
 * powers of ten ("10⁻³" as "10^-3"), LaTeX fractions and thousands ("{,}"); without marks of writing direction.
 */
export const asciiNumerals = (text: string): string =>
  text
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[٠-٩۰-۹०-९０-９]/g, (digit) => {
      const code = digit.charCodeAt(0)
      return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code))
    })
    .replaceAll(/[−﹣－]/g, '-')
    .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
    .replaceAll(/(?<=\d)٬(?=\d)/g, ',')
    .replaceAll(/(?<=10)([⁺⁻]?)([⁰¹²³⁴-⁹]+)/g, (_, sign: string, digits: string) => {
      const power = Array.from(digits, (digit) => superscripts.indexOf(digit)).join('')
      return `^${sign === '⁻' ? '-' : ''}${power}`
    })
    .replaceAll('{,}', ',')
    .replaceAll(/\\[dt]?frac\{(\d+)\}\{(\d+)\}/g, '$1/$2')
