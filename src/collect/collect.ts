import { ModelError } from '../models/model-error.ts'
import { poolOf } from '../models/pool.ts'
import type { Price } from '../models/price.ts'
import { allEnded } from './all-ended.ts'
import { budgetOf } from './budget.ts'
import type { Call, CallResult, Role } from './call.ts'
import { isPriced, priceOf, spendOf } from './cost.ts'
import type { Journal } from './journal.ts'
import { outageWatch } from './outage.ts'
import { planner, type QuestionPlan, type Setup } from './plan.ts'
import type { Question } from './question.ts'

export interface CollectOptions {
  /** Gives all questions, each time it is called. */
  questions: () => AsyncIterable<Question>
  setup: Setup
  prices: Record<Role, Price>
  /** Calls to each model at once. */
  concurrency: Record<Role, number>
  journal: Journal
  /** Makes a call, here or elsewhere. */
  ask: (call: Call, signal: AbortSignal) => Promise<CallResult>
  /** Nothing is asked that could take the cost of the whole collection above this. */
  maxCost?: number
  /** Ends the collection; calls under way are given up. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /**
   * Sees the first question that both models have answered before others are asked, and throws where going on would be
   * money lost: a scorer that fails, a model without log-probabilities.
   */
  onFirst?: (question: Question, small: CallResult, large: CallResult) => Promise<void>
}

export interface Progress {
  /** Questions with all their answers. */
  finished: number
  failed: number
  /** Calls made in this run. */
  calls: number
  /** Of the questions so far, with what earlier runs paid for them. */
  cost: number
}

export interface Collected extends Progress {
  /** Calls that an earlier run had made. */
  reused: number
  /** Why it ended before the last question. */
  stopped?: 'max-cost' | 'aborted'
}

/** An empty answer tells nothing about a model; so many in a row, that no other ones will come. */
const BLANKS = 5

/**
 * Asks both models every question that has no answer yet. Whatever ends it, the journal holds each finished call.
 * @throws SpillwayError where a model fails on and on, or a mistake in the questions shows
 */
export async function collect(options: CollectOptions): Promise<Collected> {
  const { setup, prices, concurrency, journal, maxCost, onProgress, onFirst } = options
  const state: Collected = { finished: 0, failed: 0, calls: 0, cost: 0, reused: 0 }
  const slots = { small: poolOf(numbers(concurrency.small)), large: poolOf(numbers(concurrency.large)) }
  const watch = outageWatch(concurrency)
  const plan = planner(setup)
  let first = onFirst
  let blanks = 0
  let fatal: Error | undefined

  /** Each call has a signal of its own: with hundreds of listeners on one, adding another takes longer than the call. */
  const underWay = new Set<AbortController>()
  let ended = false
  const end = (): void => {
    ended = true
    for (const call of underWay) call.abort()
  }
  /** Ends everything, because of an error that is not one call's alone. */
  const stop = (error: unknown): void => {
    if (!ended) fatal = error instanceof Error ? error : new Error(String(error))
    end()
  }

  /** Makes a call; `undefined` where it failed, which the journal then says. */
  const make = async (call: Call): Promise<CallResult | undefined> => {
    const slot = await slots[call.role].take()
    const controller = new AbortController()
    underWay.add(controller)
    try {
      if (ended) throw new Error('nothing more is asked')
      state.calls += 1
      const result = await options.ask(call, controller.signal)
      // An endpoint that counts no tokens has answered all the same; one that forgot to, this once, is asked again.
      if (isPriced(result, prices) || !watch.hasAnswered(call)) journal.append(result)
      priceOf(result, prices)
      watch.answered(call)
      return result
    } catch (error) {
      if (ended || !(error instanceof ModelError) || journal.has(call.key)) throw error
      const { key, question, role, purpose } = call
      const before = journal.failure(key) !== undefined
      journal.append({ key, question, role, purpose, error: error.message })
      const fault = watch.failed(call, error, before)
      if (fault !== undefined) throw fault
      return undefined
    } finally {
      underWay.delete(controller)
      slots[call.role].give(slot)
    }
  }

  /** One question, from its first call to its last; the large model does not wait for the small one. */
  const run = async ({ question, ...calls }: QuestionPlan, most: number): Promise<void> => {
    let spent = 0
    const perform = async (call: Call): Promise<CallResult | undefined> => {
      const known = journal.has(call.key)
      if (known) state.reused += 1
      const result = known ? journal.read(call.key) : await make(call)
      const cost = result === undefined ? 0 : priceOf(result, prices)
      state.cost += cost
      if (!known) spent += cost
      return result
    }
    const performAll = (each: readonly Call[]) =>
      allEnded(
        each.map((call) =>
          perform(call).catch((error: unknown) => {
            stop(error)
            throw error
          }),
        ),
      )
    const askSmall = async () => {
      const [small] = await performAll([calls.small])
      return small === undefined ? [small] : [small, ...(await performAll(calls.verifications(small.answer)))]
    }
    try {
      const [[small, ...judged], [large]] = await allEnded([askSmall(), performAll([calls.large])])
      if ([small, large, ...judged].includes(undefined)) state.failed += 1
      else state.finished += 1
      if (first !== undefined && small !== undefined && large !== undefined) {
        const see = first
        if (small.answer === '' && (blanks += 1) < BLANKS) return
        first = undefined
        await see(question, small, large)
      }
    } finally {
      budget.settle(most, spent)
      onProgress?.(state)
    }
  }

  const places = poolOf(numbers(2 * (concurrency.small + concurrency.large)))
  const running = new Set<Promise<void>>()
  let budget = budgetOf(Infinity)
  options.signal?.addEventListener('abort', end)
  if (options.signal?.aborted === true) end()
  try {
    if (maxCost !== undefined) budget = budgetOf(maxCost, await paidBefore(options))
    for await (const question of options.questions()) {
      const calls = plan(question)
      const most = maxCost === undefined ? 0 : spendOf(calls, setup, prices, journal).most
      if (!(await budget.reserve(most))) {
        state.stopped = 'max-cost'
        break
      }
      const place = await places.take()
      if (ended) break
      const one = run(calls, most)
        .catch(stop)
        .finally(() => {
          running.delete(one)
          places.give(place)
        })
      running.add(one)
      if (first !== undefined) await one
    }
  } finally {
    await Promise.all(running)
    options.signal?.removeEventListener('abort', end)
  }
  if (fatal !== undefined) throw fatal
  if (options.signal?.aborted === true) state.stopped = 'aborted'
  return state
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

async function paidBefore({ questions, setup, prices, journal, signal }: CollectOptions): Promise<number> {
  const plan = planner(setup)
  let sum = 0
  for await (const question of questions()) {
    if (signal?.aborted === true) break
    sum += spendOf(plan(question), setup, prices, journal).paid
  }
  return sum
}
