import type { Worker } from 'bullmq'
import { ModelError } from '../../models/model-error.ts'
import type { Model } from '../../models/model.ts'
import { ask } from '../ask.ts'
import type { Role } from '../call.ts'
import { outageWatch } from '../outage.ts'
import { aborted } from './aborted.ts'
import { atMost } from './at-most.ts'
import { PREFIX, type RedisLink } from './redis.ts'
import { bounded, failureOf, queueName, type Errand, type Reply } from './wire.ts'

export interface ServeOptions {
  role: Role
  opened: { model: Model; identity: string; form: string }
  /** Calls at once. */
  concurrency: number
  now: () => number
  /** Told of what goes wrong beside the calls themselves. */
  tell: (text: string) => void
  /** Told where the model fails so that going on would spoil every call; nothing more is taken from the queue. */
  onBroken: (error: Error) => void
}

export interface Served {
  /** Calls that were made, those that failed among them. */
  readonly calls: number
  readonly failed: number
  readonly active: number
  /** Ends once the calls under way have; `force` does not wait for them. */
  close(force?: boolean): Promise<void>
}

/** A worker that is gone is missed after this time; one that stands still for so long is taken for gone. */
const LOCK_MS = 15_000
const STALLED_MS = 5000
/** A call that so many workers did not survive is not given to another. */
const MOST_STALLED = 3
/** Without Redis there is nothing to wait for. */
const CLOSE_MS = 2000
/** What a single call is refused with, without retry: it is too long, say, which tells nothing about others. */
const ofOneCall: (number | undefined)[] = [undefined, 400, 413, 422]

/** Makes the calls that stand in a model's queue, until it is closed. */
export function serve(link: RedisLink, options: ServeOptions): Served {
  const { role, opened, concurrency, now, tell, onBroken } = options
  const { model } = opened
  const watch = outageWatch({ small: concurrency, large: concurrency })
  let [calls, failed, active] = [0, 0, 0]

  const answer = async ({ call, signals, keepTokens }: Errand): Promise<Reply> => {
    active += 1
    try {
      const reply = { result: await ask(model, call, { signals, keepTokens, now }) }
      watch.answered(call)
      return bounded(reply, model.id)
    } catch (error) {
      if (!(error instanceof ModelError)) throw error
      failed += 1
      const broken = watch.failed(call, error, !error.retryable && ofOneCall.includes(error.status))
      if (broken !== undefined) onBroken(broken)
      return { failure: failureOf(error) }
    } finally {
      calls += 1
      active -= 1
    }
  }

  const worker: Worker<Errand, Reply> = new link.bullmq.Worker(queueName(role, opened), ({ data }) => answer(data), {
    prefix: PREFIX,
    connection: link.redis,
    skipVersionCheck: true,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: MOST_STALLED,
    runRetryDelay: 1000,
  })
  const told = new Set<string>()
  worker.on('error', ({ message }) => {
    // What befalls the connection is seen by the link.
    if (link.redis.status !== 'ready' || /ECONN|EPIPE|Connection is closed/.test(message)) return
    const late = /Missing (lock|key)|could not renew lock|Lock mismatch/.test(message)
    const text = late ? 'this worker stood still, or was cut off; another worker makes its calls again' : message
    if (!told.has(text)) tell(`${role}: ${text}`)
    told.add(text)
  })
  return {
    get calls() {
      return calls
    },
    get failed() {
      return failed
    },
    get active() {
      return active
    },
    async close(force = link.lost.aborted) {
      const closed = worker.close(force)
      if (!force) await Promise.race([closed, aborted(link.lost)])
      if (force || link.lost.aborted) await atMost(CLOSE_MS, closed)
    },
  }
}
