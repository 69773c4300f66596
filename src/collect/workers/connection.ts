import type { Redis, RedisOptions } from 'ioredis'

/** Told of the connections that a link consists of: the first one, and those that BullMQ makes of it. */
export interface Watch {
  /** While it says so, a connection that was lost is tried again. */
  tryAgain: () => boolean
  opened: (connection: Redis) => void
}

const RETRY_MS = 500

/**
 * A connection that says of itself when it is lost and back, and so do its duplicates; whether to give up is not for
 * each of them to decide. One that is told to disconnect always ends.
 */
export function watchedRedis(Base: typeof Redis, url: string, options: RedisOptions, watch: Watch): Redis {
  class Watched extends Base {
    override duplicate(more?: Partial<RedisOptions>): Redis {
      return opened(new Watched({ ...this.options, ...more }))
    }

    override disconnect(reconnect = false): void {
      // Between two tries ioredis has no socket to close: it forgets the next try without ever saying `end`, and BullMQ
      // waits for that word. As a connection that was not begun yet it ends at once.
      if (!reconnect && this.status === 'reconnecting') this.status = 'wait'
      super.disconnect(reconnect)
    }
  }
  const opened = (connection: Redis): Redis => {
    watch.opened(connection)
    return connection
  }
  return opened(new Watched(url, { ...options, retryStrategy: () => (watch.tryAgain() ? RETRY_MS : null) }))
}
