import type * as BullMq from 'bullmq'
import type { Redis } from 'ioredis'
import { SpillwayError } from '../../core/errors.ts'
import { watchedRedis } from './connection.ts'

/** A connection to Redis that is watched: who waits for something there learns when Redis has gone away for good. */
export interface RedisLink {
  /** The address without user and password, for messages. */
  place: string
  redis: Redis
  bullmq: typeof BullMq
  /** Aborted, with the error to show, once Redis has not answered for a while. */
  lost: AbortSignal
  close(): Promise<void>
}

/** All keys in Redis start so. */
export const PREFIX = 'spillway'

const CONNECT_MS = 5000
/** A restart or a failover may take so long. */
const GRACE_MS = 15_000
const HEARTBEAT_MS = 5000
const LOOK_MS = 500

/**
 * Connects once; only a connection that has worked is tried again, for a while.
 * @param remedy what to do where Redis goes away later, for the message
 * @throws SpillwayError `usage` where the address is none, nothing answers there, or a package is absent
 */
export async function connectRedis(url: string, remedy: string): Promise<RedisLink> {
  const place = placeOf(url)
  const { Redis, bullmq } = await loadPackages()
  const gone = new AbortController()
  let [ready, closing] = [false, false]
  let why: unknown
  const connections = new Set<Redis>()
  /** Since when a connection is lost. Only one that works again is no longer lost, however often it was tried. */
  const lostAt = new Map<Redis, number>()
  const redis = watchedRedis(
    Redis,
    url,
    {
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      maxRetriesPerRequest: null, // a command waits for the connection, or for its end
    },
    {
      tryAgain: () => ready && !closing && !gone.signal.aborted,
      opened(connection) {
        connections.add(connection)
        connection.on('close', () => {
          if (!lostAt.has(connection)) lostAt.set(connection, performance.now())
        })
        connection.on('ready', () => lostAt.delete(connection))
        // One that still may be tried ends only where BullMQ has no more use for it.
        connection.on('end', () => lostAt.delete(connection))
      },
    },
  )
  const disconnect = () => {
    for (const connection of connections) connection.disconnect()
  }
  redis.on('error', (error) => (why = error))
  try {
    await redis.connect()
    await redis.ping()
    // A database that is not there is only told by an event.
    if (why !== undefined) throw why
  } catch (error) {
    redis.disconnect()
    throw new SpillwayError('usage', `${place}: ${refusal(why ?? error)}`)
  }
  ready = true
  // A connection that is cut without a word shows only by what does not come.
  let asked: number | undefined
  const heartbeat = setInterval(() => {
    if (asked !== undefined) return
    asked = performance.now()
    redis.ping().then(
      () => (asked = undefined),
      () => {},
    )
  }, HEARTBEAT_MS)
  const looking = setInterval(() => {
    const since = Math.min(asked ?? Infinity, ...lostAt.values())
    if (performance.now() - since > GRACE_MS) lose()
  }, LOOK_MS)
  const stopWatching = () => {
    clearInterval(heartbeat)
    clearInterval(looking)
  }
  /** Once and for all: no connection is tried again, and nobody who waits at one waits longer. */
  const lose = () => {
    if (closing || gone.signal.aborted) return
    stopWatching()
    const said = codeOf(why)
    gone.abort(new SpillwayError('usage', `${place}: Redis has gone away${said && ` (${said})`}; ${remedy}`))
    disconnect()
  }
  redis.on('end', lose)
  return {
    place,
    redis,
    bullmq,
    lost: gone.signal,
    async close() {
      closing = true
      stopWatching()
      disconnect()
    },
  }
}

function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '')
    // What it is instead is not shown: there may be a password in it.
    throw new SpillwayError('usage', 'this is no address of Redis; expected redis://host:6379, with TLS rediss://…')
  return `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/$/, '')}`
}

function refusal(error: unknown): string {
  const said = codeOf(error)
  if (/NOAUTH|WRONGPASS|NOPERM|ERR AUTH/.test(said))
    return `Redis wants another user or password (${said}): redis://USER:PASSWORD@host`
  if (error instanceof Error && error.name === 'ReplyError') return `Redis refuses (${said})`
  return `no Redis answers there${said && ` (${said})`}; start one, or mend the address`
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message.split('\n')[0]) : ''

async function loadPackages(): Promise<{ Redis: typeof Redis; bullmq: typeof BullMq }> {
  try {
    const [{ Redis }, bullmq] = await Promise.all([import('ioredis'), import('bullmq')])
    return { Redis, bullmq }
  } catch (cause) {
    throw new SpillwayError('usage', 'workers need two more packages: npm install bullmq ioredis', { cause })
  }
}
