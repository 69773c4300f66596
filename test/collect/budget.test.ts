import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgetOf } from '../../src/collect/budget.ts'

test('something waits until it is known whether there is enough for it', async () => {
  const budget = budgetOf(10)
  expect(await budget.reserve(6)).toBe(true)
  let granted: boolean | undefined
  const waiting = budget.reserve(6).then((answer) => (granted = answer))
  await new Promise((resolve) => setImmediate(resolve))
  expect(granted).toBeUndefined()
  budget.settle(6, 4)
  await waiting
  expect(granted).toBe(true)
})

test('what is too much even with nothing under way is refused, and something smaller is not', async () => {
  const budget = budgetOf(10, 7)
  expect(await budget.reserve(4)).toBe(false)
  expect(await budget.reserve(3)).toBe(true)
})

test('what costs nothing may be done even where more has been spent than there is', async () => {
  const budget = budgetOf(1, 5)
  expect(await budget.reserve(0)).toBe(true)
  budget.settle(0, 0)
  expect(await budget.reserve(1e-9)).toBe(false)
  expect(await budgetOf(0).reserve(0)).toBe(true)
})

test('sums that are equal but for their rounding count as equal', async () => {
  const budget = budgetOf(0.3)
  for (let call = 0; call < 3; call++) {
    expect(await budget.reserve(0.1)).toBe(true)
    budget.settle(0.1, 0.1)
  }
  expect(await budget.reserve(0.1)).toBe(false)
})

test('what rounding leaves of sums set aside makes nobody wait for ever', async () => {
  const budget = budgetOf(1)
  const sums = [0.1, 0.2, 0.3]
  for (const sum of sums) await budget.reserve(sum)
  for (const sum of sums) budget.settle(sum, 0)
  expect(await budget.reserve(2)).toBe(false)
})

test('however prices and answers fall, the limit holds, nobody waits for ever, and no refusal is without need', async () => {
  const job = fc.record({
    most: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true })),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    turns: fc.nat(5),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.array(job, { maxLength: 25 }),
      async (limit, paid, jobs) => {
        const budget = budgetOf(limit, paid)
        let spent = paid
        const running: Promise<void>[] = []
        for (const { most, share, turns } of jobs) {
          if (!(await budget.reserve(most))) {
            await Promise.all(running)
            expect(most).toBeGreaterThan(0)
            expect(spent + most).toBeGreaterThan(limit)
            break
          }
          running.push(
            (async () => {
              for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
              spent += most * share
              budget.settle(most, most * share)
            })(),
          )
        }
        await Promise.all(running)
        expect(spent).toBeLessThanOrEqual(Math.max(paid, limit) * (1 + 1e-6) + 1e-12)
      },
    ),
    { numRuns: 300 },
  )
})
