/** A place in a text. */
export interface Place {
  word: string
  start: number
  end: number
}

/**
 * Where some words or phrases stand in a text, in order, with no letter, accent or digit of any script directly before
 * or after; of those that overlap the first, of those that begin together the longest.
 */
export function wholeWords(text: string, sought: readonly string[]): Place[] {
  const all = sought.flatMap((word) => (word === '' ? [] : places(text, word)))
  const found: Place[] = []
  for (const place of all.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (place.start >= (found.at(-1)?.end ?? 0)) found.push(place)
  return found
}

// Two code units, so that a letter beyond the basic plane is seen whole.
const letterBefore = (text: string, at: number) => /[\p{L}\p{M}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at))
const letterAfter = (text: string, at: number) => /^[\p{L}\p{M}\p{N}]/u.test(text.slice(at, at + 2))

/** By search, since a reference of any length can be sought and a regular expression cannot be of any length. */
function places(text: string, word: string): Place[] {
  const found: Place[] = []
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const end = start + word.length
    if (!letterBefore(text, start) && !letterAfter(text, end)) found.push({ word, start, end })
  }
  return found
}
