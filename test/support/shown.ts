import { expect } from 'vitest'

/** A number as a text shows it, with the digits it shows: `−1,234.50 %` is -1234.5, and has two decimals. */
export function parseShown(text: string): { value: number; decimals: number } {
  const bare = text.replaceAll(/[~,+%\s]/g, '').replace('−', '-')
  return { value: Number(bare), decimals: bare.split('.')[1]?.length ?? 0 }
}

/** Expects a shown number to be another one, rounded to the digits that are shown. */
export function expectShown(text: string, expected: number | null, name: string): void {
  if (expected === null) {
    expect(text, name).toBe('–')
    return
  }
  const { value, decimals } = parseShown(text)
  expect(Math.abs(value - expected), `${name}: ${text} of ${expected}`).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals)
}
