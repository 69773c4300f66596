import type { AuditRecord } from '../audits/record.ts'
import type { DecisionRecord } from '../cascade/record.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import type { Page } from '../gateway/gateway.ts'
import { jsonResponse } from '../gateway/http.ts'
import { dashboardOf } from '../gateway/live/dashboard.ts'
import { liveOf } from '../gateway/live/live.ts'
import { watchedAudits } from '../gateway/audit/watched-audits.ts'
import { metricsOf } from '../gateway/metrics.ts'
import { statsOf } from '../gateway/stats.ts'
import { logsTexts } from './audits.ts'
import type { OpenOffer } from './offer.ts'

/** What can be seen of a gateway while it runs. */
export interface Watch {
  /** Whether records hold questions and answers. */
  texts: boolean
  pages: Record<string, Page>
  add(record: DecisionRecord): void
  audited(record: AuditRecord): void
  offer(next: OpenOffer): void
}

/** What is as it is at the moment of asking. */
interface Moment {
  offer: () => OpenOffer
  inFlight: () => number
  waiting: () => number
  logDropped: () => number
  auditDropped: () => number
  auditsWaiting: () => number
}

const STATES = { closed: 0, 'half-open': 1, open: 2 }

/** Counts, metrics and the live page, as a configuration wants them. */
export function watchOf(serve: ServeConfig, { offer, ...moment }: Moment): Watch {
  const texts = logsTexts(serve)
  const audits = watchedAudits(offer().cascades)
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
  const live = liveOf({
    offer: offer(),
    stats,
    currency,
    texts,
    now,
    clock: Date.now,
    gauges,
    audits: () => audits.states(),
  })
  const metrics = metricsOf({
    ...moment,
    sums: () => stats.sums(),
    drift: () => live.drift(),
    audits: () => audits.states(),
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
    audited: (record) => audits.add(record),
    offer(next) {
      audits.offer(next.cascades)
      live.offer(next)
    },
  }
}
