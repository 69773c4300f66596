import type { Weighed } from '../../core/audit/weighted-mean.ts'
import type { LiveAudit, LiveEstimate } from '../../report/live/state.ts'
import type { WatchedAudit } from './watched-audits.ts'

/** An audited cascade as the page is told of it. */
export function liveAudit({ cascade, probability, state }: WatchedAudit): LiveAudit {
  const { promise } = state
  const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)
  return {
    cascade,
    probability,
    audited: state.audited,
    unknown: state.unknown,
    ...(promise === undefined
      ? {}
      : {
          verdict: promise.verdict,
          confirmed: promise.confirmed,
          promised: promise.of,
          bound: promise.bound,
        }),
    mean: finite(promise?.mean),
    range: [finite(promise?.range.low), finite(promise?.range.high)],
    quality_loss: estimate(state.qualityLoss),
    saved: estimate(state.saved),
  }
}

const estimate = ({ value, interval }: Weighed): LiveEstimate => ({
  value: value ?? null,
  interval: interval === undefined ? null : [interval.low, interval.high],
})
