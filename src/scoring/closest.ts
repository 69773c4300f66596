/**
 * The name a user may have meant: the nearest, within edits to a third of its letters, else one that begins like this.
 * None near: `undefined`.
 */
export function closest(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, edits: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
  return (
    near.toSorted((a, b) => a.edits - b.edits)[0]?.name ??
    names.find((name) => word.length > 1 && name.startsWith(word))
  )
}

/** Insertions, deletions and changes of a letter that lead from one word to the other. (Levenshtein 1966) */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]
}
