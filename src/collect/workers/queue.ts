import type { Job, Queue, QueueEvents } from 'bullmq'
import { SpillwayError } from '../../core/errors.ts'
import type { CallResult } from '../call.ts'
import { atMost } from './at-most.ts'
import { PREFIX, type RedisLink } from './redis.ts'
import { errorOf, type Errand, type Reply } from './wire.ts'

/** The calls to one model that workers make. */
export interface RemoteModel {
  /** @throws ModelError where the model failed at the worker; the signal's reason where it is aborted */
  ask(errand: Errand, signal: AbortSignal): Promise<CallResult>
  /** Tells how many of the calls given up workers have begun: their answers wait for the next run. */
  close(): Promise<{ underWay: number }>
}

export interface RemoteOptions {
  /** Of the queue. */
  name: string
  /** What messages call the model. */
  model: string
  /** Told once where calls wait and there is nobody to make them; and again after there was somebody. */
  onAbsent: () => void
}

/** Of what happens in a queue, so much is remembered; who has missed more finds out by looking. */
const EVENTS = 500
/** A result that nobody has come back for. */
const KEEP_S = 7 * 24 * 3600
const TICK_MS = 2000
/** A call that has said nothing for so long is looked after. */
const LOOK_MS = 6000
const ABSENT_MS = 10_000
const CLOSE_MS = 5000

/** BullMQ's own removal would also take a job that has finished in the meantime, and with it a result that is paid. */
const WITHDRAW = `if redis.call('LREM', KEYS[1], 0, ARGV[1]) == 0 then return 0 end
return redis.call('DEL', KEYS[2])`

interface Waiting {
  errand: Errand
  promise: Promise<CallResult>
  resolve: (result: CallResult) => void
  reject: (error: unknown) => void
  /** The call stands in the queue. */
  added: Promise<void>
  looked: number
  /** Looks at which it was not in Redis. */
  missed: number
}

/**
 * A job's id is its call's key, so that what an earlier run has left in the queue, waiting, under way or finished, is
 * never put there a second time. A finished job leaves Redis once its result is in the journal, not before.
 */
export async function remoteModel(link: RedisLink, { name, model, onAbsent }: RemoteOptions): Promise<RemoteModel> {
  const { redis, bullmq, lost, place } = link
  const shared = { prefix: PREFIX, connection: redis, skipVersionCheck: true }
  const queue: Queue<Errand, Reply> = new bullmq.Queue(name, {
    ...shared,
    streams: { events: { maxLen: EVENTS } },
    defaultJobOptions: { removeOnComplete: { age: KEEP_S }, removeOnFail: { age: KEEP_S } },
  })
  const [latest] = await redis.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1)
  const events: QueueEvents = new bullmq.QueueEvents(name, { ...shared, lastEventId: latest?.[0] ?? '0-0' })
  // What befalls the connection is seen by the link.
  queue.on('error', () => {})
  events.on('error', () => {})

  const waiting = new Map<string, Waiting>()
  const tidying = new Set<Promise<unknown>>()
  let underWay = 0
  let heard = performance.now()
  let told = false

  const tidy = (work: Promise<unknown>): void => {
    const done: Promise<unknown> = work.catch(() => {}).finally(() => tidying.delete(done))
    tidying.add(done)
  }

  const add = async ({ call, signals, keepTokens }: Errand): Promise<void> => {
    try {
      await queue.add(call.purpose, { call, signals, keepTokens }, { jobId: call.key })
    } catch (cause) {
      throw lost.aborted
        ? lost.reason
        : new SpillwayError('usage', `${place}: Redis takes no call (${(cause as Error).message})`, { cause })
    }
  }

  const settle = (key: string, reply: Reply): void => {
    heard = performance.now()
    told = false
    const one = waiting.get(key)
    if (one === undefined) return
    waiting.delete(key)
    if ('failure' in reply) one.reject(errorOf(reply.failure))
    // What the result is called is the collection's to say.
    else one.resolve({ ...reply.result, key, ...subjectOf(one.errand), model })
    // The collection writes the result down before the event loop turns; only then may Redis forget it.
    tidy(new Promise((resolve) => setImmediate(resolve)).then(() => queue.remove(key)))
  }

  /** @param left whether what has an end already got it before this run asked */
  const look = async (key: string, left: boolean): Promise<void> => {
    const job = await queue.getJob(key)
    const one = waiting.get(key)
    if (one === undefined) return
    one.looked = performance.now()
    one.missed = job === undefined ? one.missed + 1 : 0
    // A Redis that was started anew may know nothing.
    if (one.missed > 1) await (one.added = add(one.errand))
    if (job?.finishedOn === undefined) return
    const reply = replyOf(job, model)
    if (!left || 'result' in reply) return settle(key, reply)
    await queue.remove(key)
    if (waiting.has(key)) await (one.added = add(one.errand))
  }
  const lookAt = (key: string, left: boolean): void => {
    look(key, left).catch((error: unknown) => {
      if (SpillwayError.is(error)) waiting.get(key)?.reject(error)
    })
  }

  events.on('completed', ({ jobId, returnvalue }) => settle(jobId, returnvalue as unknown as Reply))
  events.on('failed', ({ jobId, failedReason }) => settle(jobId, { failure: brokenOff(model, failedReason) }))
  events.on('duplicated', ({ jobId }) => {
    if (waiting.has(jobId)) lookAt(jobId, true)
  })

  const ticking = setInterval(() => {
    const now = performance.now()
    for (const [key, { looked }] of waiting) if (now - looked > LOOK_MS) lookAt(key, false)
    if (waiting.size === 0) heard = now
    else if (now - heard > ABSENT_MS) void checkWorkers()
  }, TICK_MS)

  const checkWorkers = async (): Promise<void> => {
    const count = await queue.getWorkersCount().catch(() => 1)
    if (count > 0) told = false
    else if (!told && waiting.size > 0) {
      told = true
      onAbsent()
    }
  }

  const onLost = () => {
    for (const { reject } of waiting.values()) reject(lost.reason)
  }
  lost.addEventListener('abort', onLost, { once: true })

  /** Takes a call that nobody has begun out of the queue; one that is under way or finished stays. */
  const withdraw = async (key: string, one: Waiting): Promise<void> => {
    await one.added
    if ((await redis.eval(WITHDRAW, 2, queue.toKey('wait'), queue.toKey(key), key)) === 0) underWay += 1
  }

  return {
    ask(errand, signal) {
      const { key } = errand.call
      const known = waiting.get(key)
      if (known !== undefined) return known.promise
      if (lost.aborted) return Promise.reject(lost.reason as Error)
      if (signal.aborted) return Promise.reject(signal.reason as Error)
      if (waiting.size === 0) heard = performance.now()
      const one = { errand, looked: performance.now(), missed: 0 } as Waiting
      one.promise = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }))
      one.added = add(errand)
      one.added.catch(one.reject)
      const onAbort = () => {
        if (!lost.aborted) tidy(withdraw(key, one))
        one.reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      waiting.set(key, one)
      return one.promise.finally(() => {
        if (waiting.get(key) === one) waiting.delete(key)
        signal.removeEventListener('abort', onAbort)
      })
    },
    async close() {
      clearInterval(ticking)
      lost.removeEventListener('abort', onLost)
      if (!lost.aborted) {
        await atMost(CLOSE_MS, Promise.all(tidying))
        // Events hold results as well; whoever else reads them finds out by looking.
        await atMost(CLOSE_MS, redis.xtrim(queue.toKey('events'), 'MAXLEN', 0))
      }
      await atMost(CLOSE_MS, Promise.all([events.close(), queue.close()]))
      return { underWay }
    },
  }
}

const subjectOf = ({ call: { question, role, purpose } }: Errand) => ({ question, role, purpose })

const replyOf = ({ returnvalue, failedReason }: Job<Errand, Reply>, model: string): Reply =>
  failedReason ? { failure: brokenOff(model, failedReason) } : returnvalue

/** What BullMQ says of a job without a reply: its workers died, or fell over. */
const brokenOff = (model: string, reason: string) => ({
  message: `${model}: no worker could make this call (${/stalled/.test(reason) ? 'all that tried are lost' : reason})`,
  place: model,
  retryable: true,
})
