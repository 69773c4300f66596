// Questions of the kinds that the tiny pair knows, made as tools/tiny-models/task.py makes them: [prompt, right answer,
// canonical form]. They are of the part that the models were not trained on, which goes by the canonical form.
import { crc32 } from 'node:zlib'

const isTested = (key) => crc32(key) % 10 === 0
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('')

const byText = (a, b) => (a < b ? -1 : Number(a > b))

/** @param {number} seed */
export function questionsOf(seed) {
  let state = seed >>> 0
  // The Mulberry32 generator.
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low, high) => low + Math.floor(random() * (high - low + 1))
  const oneOf = (list) => list[between(0, list.length - 1)]
  const digits = (count) => (count === 1 ? between(0, 9) : between(10 ** (count - 1), 10 ** count - 1))
  const many = (count, make) => Array.from({ length: count }, make)

  const kinds = {
    add: (a = digits(between(1, 4)), b = digits(between(1, 4))) => [
      `${a}+${b}=`,
      String(a + b),
      `sum ${Math.min(a, b)} ${Math.max(a, b)}`,
    ],
    sub() {
      const [a, b] = [digits(between(1, 4)), digits(between(1, 4))]
      const [most, least] = [Math.max(a, b), Math.min(a, b)]
      const parts = [least, most - least].toSorted((x, y) => x - y)
      return [`${most}-${least}=`, String(most - least), `sum ${parts.join(' ')}`]
    },
    mul() {
      const sizes = [1, 1, 1, 2, 2, 1, 2, 2, 1, 3, 3, 1]
      const at = 2 * between(0, 5)
      const [a, b] = [digits(sizes[at]), digits(sizes[at + 1])]
      return [`${a}*${b}=`, String(a * b), `mul ${Math.min(a, b)} ${Math.max(a, b)}`]
    },
    mod() {
      const [a, b] = [digits(between(1, 3)), between(2, 9)]
      return [`${a}%${b}=`, String(a % b), `mod ${a} ${b}`]
    },
    sort() {
      const list = many(between(3, 7), () => between(0, 9))
      const sorted = list.toSorted((a, b) => a - b).join('')
      return [`sort ${list.join('')}=`, sorted, `sort ${sorted}`]
    },
    date(month = between(0, 11), day = between(1, DAYS[month]), days = between(1, 60)) {
      let [then, end] = [day + days, month]
      while (then > DAYS[end]) {
        then -= DAYS[end]
        end = (end + 1) % 12
      }
      return [`${MONTHS[month]} ${day}+${days}d=`, `${MONTHS[end]} ${then}`, `date ${month} ${day} ${days}`]
    },
    lookup() {
      const left = [...LETTERS]
      const table = many(between(2, 6), () => [left.splice(between(0, left.length - 1), 1)[0], digits(between(1, 3))])
      const [key, value] = oneOf(table)
      const entries = table.map((entry) => entry.join(''))
      return [`${entries.join(' ')} ${key}=`, String(value), `lookup ${entries.toSorted(byText).join(' ')}`]
    },
    max() {
      const list = many(between(2, 5), () => digits(between(1, 3)))
      return [`max ${list.join(' ')}=`, String(Math.max(...list)), `max ${list.map(String).toSorted(byText).join(' ')}`]
    },
  }
  const hard = () => {
    if (random() < 0.5) return kinds.add(between(10, 99), between(10, 99))
    const month = between(0, 1)
    return kinds.date(month, between(1, DAYS[month]), between(1, 60))
  }
  /** Untrained, and, where it is wanted, no two of one canonical form. */
  const tested = (make, once) => {
    const seen = new Set()
    return () => {
      for (;;) {
        const question = make()
        const key = question[2]
        if (!isTested(key) || seen.has(key)) continue
        if (once) seen.add(key)
        return question
      }
    }
  }
  return {
    /** As where the policy was tuned: eight kinds, equally likely. */
    usual: tested(() => oneOf(Object.values(kinds))(), true),
    /** Sums of two digits, and dates early in the year: the small model is as sure of these, and oftener wrong. */
    shifted: tested(hard, false),
  }
}
