import { best } from './best.ts'
import { jsonObjects } from './json-objects.ts'
import type { SyncScore } from './score.ts'

export interface JsonOptions {
  /** Names (and indices of lists) from the object down to the value, parted by dots: `answer.cities.0`. */
  field: string
}

/**
 * 1 where a field of the answer's JSON object has the value that a reference says, else 0. Of several objects the last
 * that has the field counts. Numbers compare as numbers ("42" is 42.0), anything else as text without regard to case
 * and white space; a list or an object equals nothing. No valid JSON, or no such field: 0.
 */
export function jsonScore({ field }: JsonOptions): SyncScore {
  const path = field.split('.')
  return (answer, references) => {
    const value = jsonObjects(answer)
      .map((object) => valueAt(object, path))
      .findLast((found) => found !== undefined)
    return best(references, (reference) => (same(value, reference) ? 1 : 0))
  }
}

const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, name)?.value : undefined,
    object,
  )

function same(value: unknown, reference: string): boolean {
  if (typeof value === 'object' ? value !== null : value === undefined) return false
  const [said, right] = [plain(String(value)), plain(reference)]
  return said === right || (said !== '' && right !== '' && Number(said) === Number(right))
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase().trim().replaceAll(/\s+/g, ' ')
