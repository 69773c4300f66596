import type { DecisionRecord } from '../../cascade/record.ts'
import { windowNames, type LiveState, type LiveUpstream, type WindowName } from '../../report/live/state.ts'
import { liveAudit } from '../audit/live-audit.ts'
import type { WatchedAudit } from '../audit/watched-audits.ts'
import type { Offer } from '../gateway.ts'
import type { Stats } from '../stats.ts'
import { lastDecisions } from './last-decisions.ts'
import { watchedSignals } from './watched-signals.ts'
import { windowOf, type Window } from './window.ts'

/** What a gateway has been doing of late, in bounded memory. */
export interface Live {
  /** Takes a request in; a few microseconds. */
  add(record: DecisionRecord): void
  /** Another offer, and with it perhaps other policies. */
  offer(next: Pick<Offer, 'cascades' | 'models'>): void
  state(): LiveState
  /** The same with what is new only; nothing has changed since it was last asked for: `undefined`. */
  update(): LiveState | undefined
  drift(): SignalDrift[]
}

/** Whether a signal has moved from where its policy was tuned. */
export interface SignalDrift {
  cascade: string
  stage: string
  signal: string
  window: WindowName
  psi: number
  drifted: boolean
}

/** What it takes to watch one. */
export interface LiveOptions {
  offer: Pick<Offer, 'cascades' | 'models'>
  stats: Stats
  /** What audits have found; without it, nothing is audited. */
  audits?: () => readonly WatchedAudit[]
  currency: string
  /** Whether the last decisions hold questions and answers. */
  texts: boolean
  /** ms, of any origin. */
  now: () => number
  /** ms since 1970. */
  clock: () => number
  /** What is as it is at the moment of asking. */
  gauges: {
    inFlight: () => number
    waiting: () => number
    logDropped: () => number
    upstreams: () => LiveUpstream[]
  }
}

/** An hour's drift has to be more improbable by chance: a day has 24 hours. */
const newWindows = (): Record<WindowName, Window> => ({
  hour: windowOf(10_000, 360, 0.001 / 24),
  day: windowOf(300_000, 288, 0.001),
})

/** Watches a gateway from its records: the last hour, the last day, the last decisions. */
export function liveOf({
  offer: first,
  stats,
  currency,
  texts,
  now,
  clock,
  gauges,
  audits = () => [],
}: LiveOptions): Live {
  const windows = newWindows()
  // Buckets begin where a clock's minutes do, and go on steadily, whatever becomes of the clock.
  const began = clock() - now()
  const time = () => now() + began
  const decisions = lastDecisions(texts)
  let offered = first
  let watched = watchedSignals(first.cascades)
  /** What was told last. */
  let told = { decisions: 0, bucket: -1, moment: '' }

  const momentOf = () => ({
    names: [...offered.cascades, ...offered.models].map(({ name }) => name),
    in_flight: gauges.inFlight(),
    waiting: gauges.waiting(),
    log_dropped: gauges.logDropped(),
    upstreams: gauges.upstreams(),
    audits: audits().map(liveAudit),
  })
  const windowsSince = (then: number): LiveState['windows'] => {
    const place = { now: time(), zero: clock() - time() }
    const of = (window: Window) => window.state(watched.all, { ...place, since: window.bucketAt(then) })
    return { hour: of(windows.hour), day: of(windows.day) }
  }
  const stateSince = (then: number, decision: number): LiveState => ({
    time: clock(),
    uptime_s: stats.uptimeSeconds(),
    currency,
    ...momentOf(),
    totals: Object.fromEntries(stats.sums()),
    windows: windowsSince(then),
    decisions: decisions.after(decision),
  })
  let toldAt = time()

  return {
    add(record) {
      const at = time()
      for (const name of windowNames) windows[name].add(record, watched, at)
      decisions.add(record)
    },
    offer(next) {
      offered = next
      watched = watchedSignals(next.cascades)
    },
    state: () => stateSince(0, 0),
    update() {
      const next = {
        decisions: decisions.count(),
        // Old buckets go, too.
        bucket: decisions.count() === 0 ? -1 : windows.hour.bucketAt(time()),
        moment: JSON.stringify(momentOf()),
      }
      const same = next.decisions === told.decisions && next.bucket === told.bucket && next.moment === told.moment
      const [then, decision] = [toldAt, told.decisions]
      toldAt = time()
      told = next
      return same ? undefined : stateSince(then, decision)
    },
    drift: () =>
      windowNames.flatMap((window) =>
        windows[window].signals(watched.all, time()).flatMap(({ cascade, stage, signal, drift }) => {
          if (drift?.psi === undefined) return []
          return [{ cascade, stage, signal, window, psi: drift.psi, drifted: drift.verdict === 'drifted' }]
        }),
      ),
  }
}
