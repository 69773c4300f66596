import type { MarkingStep } from '../../report/label/state.ts'

/** What a page asks for; nothing where that is none of its steps. */
export function readStep(body: string): MarkingStep | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { step, key, quality } = value as Record<string, unknown>
  if (step === 'again') return { step }
  if (step === 'undo' && (key === null || typeof key === 'string')) return { step, key }
  if (typeof key !== 'string') return undefined
  if (step === 'skip') return { step, key }
  const isQuality = typeof quality === 'number' && quality >= 0 && quality <= 1
  return step === 'mark' && isQuality ? { step, key, quality } : undefined
}
