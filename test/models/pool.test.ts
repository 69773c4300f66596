import { expect, test } from 'vitest'
import { poolOf } from '../../src/models/pool.ts'

test('a thing is with one user at a time, and those who wait are served in order', async () => {
  const pool = poolOf(['a', 'b'])
  const order: string[] = []
  const use = async (name: string) => {
    const item = await pool.take()
    order.push(`${name} takes ${item}`)
    return item
  }
  const first = await use('1')
  await use('2')
  const third = use('3')
  const fourth = use('4')
  expect(order).toHaveLength(2)
  pool.give(first)
  expect(await third).toBe(first)
  pool.give(first)
  expect(await fourth).toBe(first)
  expect(order.map((each) => each[0])).toEqual(['1', '2', '3', '4'])
})

test('who gives up while waiting gets nothing, and takes nothing from others', async () => {
  const pool = poolOf([1])
  const item = await pool.take()
  const gone = new AbortController()
  const patient = new AbortController()
  const waiting = pool.take(gone.signal)
  const next = pool.take(patient.signal)
  gone.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  pool.give(item)
  expect(await next).toBe(1)
  // What is handed over already is not taken back.
  patient.abort()
  pool.give(1)
  expect(await pool.take()).toBe(1)
})

test('who has given up before gets nothing, also where there is something', async () => {
  const pool = poolOf([1])
  await expect(pool.take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  expect(await pool.take()).toBe(1)
})

test('a thousand users share ten things, never more at once, and nothing is lost', async () => {
  const pool = poolOf(Array.from({ length: 10 }, (_, i) => i))
  let [active, most] = [0, 0]
  const used = new Map<number, number>()
  await Promise.all(
    Array.from({ length: 1000 }, async (_, user) => {
      const controller = new AbortController()
      const taking = pool.take(controller.signal)
      if (user % 7 === 0) controller.abort(new Error('gone'))
      const item = await taking.catch(() => undefined)
      if (item === undefined) return
      most = Math.max(most, (active += 1))
      used.set(item, (used.get(item) ?? 0) + 1)
      await new Promise((resolve) => setImmediate(resolve))
      active -= 1
      pool.give(item)
    }),
  )
  expect(most).toBe(10)
  expect([...used.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(await Promise.all(Array.from({ length: 10 }, () => pool.take()))).toHaveLength(10)
})
