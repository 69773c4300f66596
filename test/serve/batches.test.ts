import { expect, onTestFinished, test, vi } from 'vitest'
import { inBatches } from '../../src/serve/batches.ts'

test('what comes is dealt with together, in order, a moment later', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const done: number[] = []
  const batches = inBatches<number>(
    (each) => done.push(each),
    () => {},
  )
  batches.add(1)
  batches.add(2)
  expect(done).toEqual([])
  vi.advanceTimersByTime(25)
  expect(done).toEqual([1, 2])
  batches.add(3)
  vi.advanceTimersByTime(25)
  expect(done).toEqual([1, 2, 3])
})

test('whoever cannot wait has it dealt with at once, and once', () => {
  const done: number[] = []
  const batches = inBatches<number>(
    (each) => done.push(each),
    () => {},
  )
  batches.add(1)
  batches.flush()
  batches.flush()
  expect(done).toEqual([1])
})

test('what goes wrong with one keeps none of the others back', () => {
  const [done, faults]: [number[], unknown[]] = [[], []]
  const batches = inBatches<number>(
    (each) => {
      if (each === 1) throw new RangeError('one')
      done.push(each)
    },
    (error) => faults.push(error),
  )
  batches.add(1)
  batches.add(2)
  batches.flush()
  expect(done).toEqual([2])
  expect(faults).toEqual([new RangeError('one')])
})
