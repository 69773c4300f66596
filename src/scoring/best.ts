/** The highest quality over the references; none at all: 0. */
export function best(references: readonly string[], quality: (reference: string) => number): number {
  let highest = 0
  for (const reference of references) {
    highest = Math.max(highest, quality(reference))
    if (highest === 1) break
  }
  return highest
}
