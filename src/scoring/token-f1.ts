/**
 * F1 of two bags of tokens, 2 · shared / (m + n), where a token that occurs twice in both is shared twice.
 * Both empty: 1; one empty: 0, as in the SQuAD 2 script.
 */
export function tokenF1(answer: readonly string[], reference: readonly string[]): number {
  if (answer.length === 0 && reference.length === 0) return 1
  const left = new Map<string, number>()
  for (const token of reference) left.set(token, (left.get(token) ?? 0) + 1)
  let shared = 0
  for (const token of answer) {
    const count = left.get(token) ?? 0
    if (count === 0) continue
    left.set(token, count - 1)
    shared++
  }
  return (2 * shared) / (answer.length + reference.length)
}
