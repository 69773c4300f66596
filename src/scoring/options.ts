import { SpillwayError } from '../core/errors.ts'

/** A scorer's options as a user writes them. */
export type SpecOptions = Readonly<Partial<Record<string, string>>>

export const badOption = (scorer: string, option: string, value: string, expected: string): SpillwayError =>
  new SpillwayError('usage', `scorer ${scorer}: ${option} is ${JSON.stringify(value)}; it must be ${expected}`)

/** A finite number of at least 0; not given: `undefined`. */
export function readAmount(scorer: string, option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const amount = value.trim() === '' ? NaN : Number(value)
  if (!Number.isFinite(amount) || amount < 0) throw badOption(scorer, option, value, 'a number of 0 or more')
  return amount
}
