import { createParser } from 'eventsource-parser'
import { onTestFinished } from 'vitest'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { liveOf, type Live } from '../../src/gateway/live/live.ts'
import { dashboardPages } from '../../src/gateway/live/pages.ts'
import { streamsOf, type Streams, type StreamsOptions } from '../../src/gateway/live/streams.ts'
import { statsOf } from '../../src/gateway/stats.ts'
import type { LiveState } from '../../src/report/live/state.ts'
import { startGateway, sureEnough, type RunningGateway, type Scene } from './gateway.ts'
import { offerOf } from './live.ts'

export interface LiveGateway extends RunningGateway {
  live: Live
  streams: Streams
}

/** A gateway on a real socket with its live page, which is a placeholder here; it looks for news often. */
export async function startLive(scene: Scene & { streams?: StreamsOptions; policy?: Policy }): Promise<LiveGateway> {
  const { policy = sureEnough, options = {} } = scene
  const now = () => performance.now()
  const stats = statsOf(now, 'USD')
  const upstreams = () => [
    {
      name: 'small',
      state: running.small.state(),
      failures: running.small.failures(),
      in_flight: running.small.inFlight(),
    },
  ]
  const gauges = { inFlight: () => 0, waiting: () => 0, logDropped: () => 0, upstreams }
  const texts = options.texts === true
  const live = liveOf({ offer: offerOf(policy), stats, currency: 'USD', texts, now, clock: Date.now, gauges })
  const streams = streamsOf(live, { everyMs: 20, ...scene.streams })
  const page = async () => ({ html: '<!doctype html><title>live</title>', policy: "default-src 'none'" })
  const records: DecisionRecord[] = []
  const running = await startGateway({
    ...scene,
    options: {
      ...options,
      pages: dashboardPages(streams, page),
      onRecord(record) {
        records.push(record)
        stats.add(record)
        live.add(record)
      },
    },
  })
  return { ...running, records, live, streams }
}

/** Someone who watches, with all that was heard. */
export interface Watching {
  status: number
  headers: Headers
  events: { name: string; state: LiveState }[]
  comments: () => number
  /** Resolves once the stream has ended, whoever ended it. */
  ended: Promise<void>
  leave: () => void
}

/** Opens the events of a gateway; goes with the test. */
export async function watch(origin: string, headers: Record<string, string> = {}): Promise<Watching> {
  const controller = new AbortController()
  const response = await fetch(`${origin}/dashboard/events`, { headers, signal: controller.signal })
  const events: Watching['events'] = []
  let comments = 0
  const parser = createParser({
    onEvent: ({ event = '', data }) => events.push({ name: event, state: JSON.parse(data) as LiveState }),
    onComment: () => comments++,
  })
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const piece of response.body!) parser.feed(decoder.decode(piece as Uint8Array, { stream: true }))
  }
  const ended = response.status === 200 ? read().catch(() => {}) : Promise.resolve()
  const leave = () => controller.abort()
  onTestFinished(leave)
  return { status: response.status, headers: response.headers, events, comments: () => comments, ended, leave }
}
