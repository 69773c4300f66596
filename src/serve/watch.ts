import type { DecisionRecord } from '../cascade/record.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import type { Page } from '../gateway/gateway.ts'
import { jsonResponse } from '../gateway/http.ts'
import { dashboardOf } from '../gateway/live/dashboard.ts'
import { liveOf } from '../gateway/live/live.ts'
import { metricsOf } from '../gateway/metrics.ts'
import { statsOf } from '../gateway/stats.ts'
import type { OpenOffer } from './offer.ts'

/** What can be seen of a gateway while it runs. */
export interface Watch {
  /** Whether records hold questions and answers. */
  texts: boolean
  pages: Record<string, Page>
  add(record: DecisionRecord): void
  offer(next: OpenOffer): void
}

/** What is as it is at the moment of asking. */
interface Moment {
  offer: () => OpenOffer
  inFlight: () => number
  waiting: () => number
  logDropped: () => number
}

const STATES = { closed: 0, 'half-open': 1, open: 2 }

/** Counts, metrics and the live page, as a configuration wants them. */
export function watchOf(serve: ServeConfig, { offer, ...moment }: Moment): Watch {
  const texts = serve.log !== false && serve.log?.texts === true
  const [now, currency] = [() => performance.now(), serve.currency ?? 'USD']
  const stats = statsOf(now, currency)
  const gauges = {
    ...moment,
    upstreams: () =>
      offer().models.map((model) => ({
        name: model.name,
        state: model.state(),
        failures: model.failures(),
        in_flight: model.inFlight(),
      })),
  }
  const live = liveOf({ offer: offer(), stats, currency, texts, now, clock: Date.now, gauges })
  const metrics = metricsOf({
    ...moment,
    sums: () => stats.sums(),
    drift: () => live.drift(),
    breakers: () => offer().models.map((model) => [model.name, STATES[model.state()]] as const),
  })
  return {
    texts,
    pages: {
      '/metrics': {
        get: async () => ({
          status: 200,
          headers: { 'content-type': metrics.contentType },
          body: Buffer.from(await metrics.text()),
        }),
      },
      '/stats': { get: () => jsonResponse(200, stats.summary()) },
      ...(serve.dashboard === false ? {} : dashboardOf(live)),
    },
    add(record) {
      stats.add(record)
      metrics.add(record)
      live.add(record)
    },
    offer: (next) => live.offer(next),
  }
}
