import type { LiveState } from '../../report/live/state.ts'
import type { Stop } from '../../models/stop.ts'
import type { Live } from './live.ts'

/** Everyone who watches a gateway. */
export interface Streams {
  /**
   * Server-sent events: the whole state, then what changes.
   * @param client aborted once it has gone
   * @param ending aborted once the gateway drains; the same for all
   * @returns `undefined` where enough watch already
   */
  open(client: Stop, ending: AbortSignal): AsyncGenerator<Uint8Array> | undefined
  count(): number
}

export interface StreamsOptions {
  /** At a time. */
  most?: number
  /** Between two looks at whether something has changed. */
  everyMs?: number
  /** Comments keep a stream alive that has nothing to tell for so long. */
  keepaliveMs?: number
}

/** Someone who watches. Whoever is slow is told the state anew, and not all that was missed. */
interface Watcher {
  next?: Uint8Array | 'missed'
  over: boolean
  wake(): void
}

const COMMENT = Buffer.from(':\n\n')

export function streamsOf(
  live: Pick<Live, 'state' | 'update'>,
  { most = 32, everyMs = 1000, keepaliveMs = 15_000 }: StreamsOptions = {},
): Streams {
  const watchers = new Set<Watcher>()
  let timer: NodeJS.Timeout | undefined
  let quietMs = 0

  /** All are told the same bytes, and of nothing where nobody watches. */
  const look = () => {
    const update = live.update()
    quietMs = update === undefined ? quietMs + everyMs : 0
    if (update === undefined && quietMs < keepaliveMs) return
    quietMs = 0
    const bytes = update === undefined ? COMMENT : eventOf('update', update)
    for (const watcher of watchers) {
      if (watcher.next === undefined) watcher.next = bytes
      else if (update !== undefined) watcher.next = 'missed'
      watcher.wake()
    }
  }
  const leave = (watcher: Watcher) => {
    watcher.over = true
    watcher.wake()
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  const end = () => watchers.forEach(leave)
  let followed: AbortSignal | undefined

  async function* told(watcher: Watcher): AsyncGenerator<Uint8Array> {
    try {
      yield eventOf('state', live.state())
      while (!watcher.over) {
        const { next } = watcher
        watcher.next = undefined
        if (next === undefined) await new Promise<void>((resolve) => (watcher.wake = resolve))
        else yield next === 'missed' ? eventOf('state', live.state()) : next
      }
    } finally {
      leave(watcher)
    }
  }

  return {
    open(client, ending) {
      if (watchers.size >= most) return undefined
      // Once for all streams there will be.
      if (followed !== ending) ending.addEventListener('abort', end, { once: true })
      followed = ending
      const watcher: Watcher = { over: client.aborted, wake() {} }
      watchers.add(watcher)
      client.addEventListener('abort', () => leave(watcher), { once: true })
      if (timer === undefined) {
        // What happened while nobody watched is in everyone's first state.
        live.update()
        timer = setInterval(look, everyMs).unref()
      }
      return told(watcher)
    },
    count: () => watchers.size,
  }
}

const eventOf = (name: 'state' | 'update', state: LiveState): Uint8Array =>
  Buffer.from(`event: ${name}\ndata: ${JSON.stringify(state)}\n\n`)
