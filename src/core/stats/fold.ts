import { seeded, shuffled } from './random.ts'

/** The fold of each group, 0 to `folds` - 1: the groups in random order, dealt out evenly. */
export function foldOfGroup(count: number, folds: number, seed: number): Uint16Array {
  const parts = Math.min(folds, count)
  const foldOf = new Uint16Array(count)
  shuffled(seeded(seed, 3), count).forEach((group, i) => (foldOf[group] = i % parts))
  return foldOf
}

/** The fold of each row, that of its group. */
export function foldOfRow(
  { codes, count }: { codes: Uint32Array; count: number },
  folds: number,
  seed: number,
): Uint16Array {
  const foldOf = foldOfGroup(count, folds, seed)
  return Uint16Array.from(codes, (group) => foldOf[group])
}
