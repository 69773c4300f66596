import { expect, test } from 'vitest'
import { coinOf } from '../../src/gateway/audit/coin.ts'
import { draws } from '../support/draws.ts'

const HOUR = 3600 * 1000

test('falls as often as it is told, whatever came before, and says with which probability', () => {
  const coin = coinOf({ probability: 0.3, random: draws(1), now: () => 0 })
  const tosses = Array.from({ length: 20_000 }, () => coin.toss())
  const fallen = tosses.filter((toss) => toss !== undefined)
  expect(new Set(fallen)).toEqual(new Set([0.3]))
  expect(fallen.length / tosses.length).toBeCloseTo(0.3, 2)
})

test('at 1 falls always', () => {
  const coin = coinOf({ probability: 1, random: () => 1 - 2 ** -32, now: () => 0 })
  expect(coin.toss()).toBe(1)
})

/** Requests at a pace, each of which costs 1 to audit where it is kept; what a day's audits cost. */
function daysOf(perHour: (hour: number) => number, perDay: number, days: number) {
  let time = 0
  const random = draws(2)
  const coin = coinOf({ probability: 0.5, perDay, random: draws(3), now: () => time })
  const spent = Array.from({ length: days }, () => 0)
  const seen = Array.from({ length: days }, () => 0)
  while (time < days * 24 * HOUR) {
    const pace = perHour(Math.floor(time / HOUR) % 24)
    time += HOUR / pace
    const toss = coin.toss()
    const kept = random() < 0.6
    coin.over(kept ? 1 : 0)
    const day = Math.min(days - 1, Math.floor(time / (24 * HOUR)))
    if (toss === undefined) continue
    seen[day]++
    if (!kept) continue
    coin.spent(1)
    spent[day] += 1
  }
  return { spent, seen }
}

test('with a budget spends about that much a day, and never more, at an even pace', () => {
  const { spent } = daysOf(() => 1000, 200, 3)
  for (const amount of spent) {
    expect(amount).toBeLessThanOrEqual(200)
    expect(amount).toBeGreaterThan(150)
  }
})

test('and never more where traffic comes in bursts', () => {
  const { spent, seen } = daysOf((hour) => (hour === 9 ? 20_000 : 20), 200, 3)
  for (const amount of spent) expect(amount).toBeLessThanOrEqual(200)
  expect(Math.min(...seen)).toBeGreaterThan(50)
})

test('falls with the most probability as long as audits cost nothing that is known', () => {
  const coin = coinOf({ probability: 0.25, perDay: 5, random: () => 0, now: () => 0 })
  for (let i = 0; i < 10; i++) coin.over(0)
  expect(coin.toss()).toBe(0.25)
})
