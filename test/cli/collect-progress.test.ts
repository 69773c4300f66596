import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { amount, collectProgress, duration } from '../../src/cli/collect-progress.ts'
import type { Progress } from '../../src/collect/collect.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A standard error that remembers what it was told. */
function screen(isTTY: boolean) {
  const written: string[] = []
  return { written, stderr: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream }
}
const at = (finished: number, more: Partial<Progress> = {}): Progress => ({
  finished,
  failed: 0,
  calls: 2 * finished,
  cost: finished,
  ...more,
})

test('where there is no terminal it is a line every ten seconds', () => {
  const { written, stderr } = screen(false)
  const progress = collectProgress(1000, stderr, false)
  for (let second = 1; second <= 25; second++) {
    vi.advanceTimersByTime(1000)
    progress.show(at(second * 10))
  }
  progress.clear()
  expect(written).toEqual([
    '100 of 1,000 questions, 10/s, cost 100, 2 min left\n',
    '200 of 1,000 questions, 10/s, cost 200, 80 s left\n',
  ])
})

test('on a terminal it is a bar ten times a second, which goes away at the end', () => {
  const { written, stderr } = screen(true)
  const progress = collectProgress(10, stderr, false)
  for (let step = 1; step <= 20; step++) {
    vi.advanceTimersByTime(50)
    progress.show(at(step / 4, { failed: 1 }))
  }
  progress.clear()
  expect(written).toHaveLength(11)
  expect(written[1].startsWith('\r\u001B[K█')).toBe(true)
  expect(written[1]).toMatch(/█░+ 2 of 10 questions, 10\/s, cost 1, 1 failed, 1 s left$/)
  expect(written.at(-1)).toBe('\r\u001B[K')
})

test('questions that were known before say nothing about how long the rest will take', () => {
  const { written, stderr } = screen(false)
  const progress = collectProgress(1000, stderr, false)
  progress.show(at(500, { calls: 0 }))
  vi.advanceTimersByTime(10_000)
  progress.show(at(510))
  vi.advanceTimersByTime(10_000)
  progress.show(at(0, { calls: 0 }))
  expect(written[0]).toBe('510 of 1,000 questions, 1.0/s, cost 510, 8 min left\n')
  expect(written[1]).toBe('0 of 1,000 questions, 0.0/s, cost 0\n')
})

test('with --quiet it is nothing', () => {
  const { written, stderr } = screen(true)
  const progress = collectProgress(10, stderr, true)
  vi.advanceTimersByTime(60_000)
  progress.show(at(5))
  progress.clear()
  expect(written).toEqual([])
})

test('amounts have four digits that count, and times the unit that fits', () => {
  expect([0, 220, 0.000012345678, 1234.5678, 1e-9].map(amount)).toEqual(['0', '220', '0.00001235', '1235', '1e-9'])
  expect([0.2, 89, 90, 600, 5400, 9000].map(duration)).toEqual(['1 s', '89 s', '2 min', '10 min', '1.5 h', '2.5 h'])
})
