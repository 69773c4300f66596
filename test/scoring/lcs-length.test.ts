import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lcsLength } from '../../src/scoring/lcs-length.ts'

/** The definition: the last tokens are shared, or one of them is left out. */
function recursive(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  if (a.at(-1) === b.at(-1)) return 1 + recursive(a.slice(0, -1), b.slice(0, -1))
  return Math.max(recursive(a.slice(0, -1), b), recursive(a, b.slice(0, -1)))
}

/** The same by the full table, for lists that are longer than one machine word. */
function table(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      rows[i][j] = a[i - 1] === b[j - 1] ? rows[i - 1][j - 1] + 1 : Math.max(rows[i - 1][j], rows[i][j - 1])
  return rows[a.length][b.length]
}

const listOf = (maxLength: number) => fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength, size: 'max' })

test('it is the longest common subsequence by the recursive definition', () => {
  fc.assert(
    fc.property(listOf(8), listOf(8), (a, b) => {
      expect(lcsLength(a, b)).toBe(recursive(a, b))
    }),
  )
})

test('it agrees with the full table across machine words', () => {
  fc.assert(
    fc.property(listOf(150), listOf(150), (a, b) => {
      expect(lcsLength(a, b)).toBe(table(a, b))
    }),
  )
})

test('lists of 31 to 33 and 64 equal tokens are their own subsequence', () => {
  for (const length of [31, 32, 33, 64, 65]) {
    const list = Array.from({ length }, () => 'a')
    expect(lcsLength(list, list)).toBe(length)
    expect(lcsLength(list, [...list, 'b', ...list])).toBe(length)
  }
})

test('thirty thousand tokens on each side are a matter of a moment', () => {
  const words = Array.from({ length: 30_000 }, (_, i) => `w${(i * i) % 97}`)
  expect(lcsLength(words, ['x', ...words, 'y'])).toBe(30_000)
}, 5000)
