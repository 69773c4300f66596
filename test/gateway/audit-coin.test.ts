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

const DAY = 24 * HOUR

/** Requests at a pace, each of which costs `judge` to audit, and 1 more where it is kept, and takes a while. */
function daysOf(perHour: (hour: number) => number, { perDay = 1000, days = 4, judge = 0, takesMs = 20_000 } = {}) {
  let time = 0
  const random = draws(2)
  const coin = coinOf({ probability: 0.5, perDay, random: draws(3), now: () => time })
  const spent = Array.from({ length: days }, () => 0)
  let [requests, weights, unseen] = [0, 0, 0]
  // The first day knows nothing of days.
  const counted = () => time > DAY
  const underWay: { at: number; cost: number }[] = []
  const settle = (until: number) => {
    while (underWay.length > 0 && underWay[0].at <= until) {
      const { at, cost } = underWay.shift()!
      coin.settle(cost)
      spent[Math.min(days - 1, Math.floor(at / DAY))] += cost
    }
  }
  while (time < days * DAY) {
    time += HOUR / perHour(Math.floor(time / HOUR) % 24)
    settle(time)
    if (counted()) requests++
    const toss = coin.toss()
    const missed = coin.unseen()
    if (counted()) unseen += missed
    const kept = random() < 0.6
    coin.expect(kept ? 1 : 0)
    if (toss === undefined) continue
    if (counted()) weights += 1 / toss
    underWay.push({ at: time + takesMs, cost: judge + (kept ? 1 : 0) })
  }
  return { spent, unseenShare: unseen / requests, represented: weights / requests }
}

const paces: [string, (hour: number) => number][] = [
  ['an even pace', () => 1000],
  ['days and nights', (hour) => (hour > 7 && hour < 20 ? 2000 : 100)],
  ['bursts', (hour) => (hour % 12 === 9 ? 20_000 : 20)],
]

test.each(paces)('with a budget spends about that much a day, at %s', (_, pace) => {
  for (const judge of [0, 0.5]) {
    const { spent, unseenShare, represented } = daysOf(pace, { judge })
    for (const amount of spent) {
      // What is set aside for audits under way is a guess.
      expect(amount).toBeLessThanOrEqual(1050)
      expect(amount).toBeGreaterThan(400)
    }
    expect(unseenShare).toBeLessThan(0.1)
    expect(Math.abs(represented - (1 - unseenShare))).toBeLessThan(0.15)
  }
})

test('with a budget that allows for everything is as without', () => {
  const { spent, unseenShare, represented } = daysOf(() => 20, { perDay: 10_000 })
  expect(unseenShare).toBe(0)
  expect(represented).toBeCloseTo(1, 1)
  expect(Math.max(...spent)).toBeLessThan(300)
})

test('never falls while the budget is spent, and says how many requests that were', () => {
  let time = 0
  const coin = coinOf({ probability: 1, perDay: 5, random: () => 0, now: () => time })
  for (let i = 0; i < 5; i++) {
    expect(coin.toss()).toBeGreaterThan(0)
    coin.settle(1)
  }
  expect([coin.toss(), coin.toss(), coin.probability()]).toEqual([undefined, undefined, 0])
  expect([coin.unseen(), coin.unseen()]).toEqual([2, 0])
  time = DAY + 1
  expect(coin.toss()).toBeGreaterThan(0)
})

test('never falls with less than a fiftieth of its probability, but for 0', () => {
  let time = 0
  const coin = coinOf({ probability: 0.5, perDay: 1, random: () => 0.999, now: () => time })
  coin.expect(1000)
  for (let i = 0; i < 10_000; i++) {
    time += 10
    coin.toss()
  }
  expect([coin.probability(), coin.least()]).toEqual([0.01, 0.01])
})

test('falls with the most probability as long as audits cost nothing that is known', () => {
  const coin = coinOf({ probability: 0.25, perDay: 5, random: () => 0, now: () => 0 })
  for (let i = 0; i < 10; i++) coin.expect(0)
  expect(coin.toss()).toBe(0.25)
})
