import { asymptoticMean } from '../stats/asymptotic-mean.ts'
import type { Range } from '../stats/interval.ts'
import { runningMean } from '../stats/running-mean.ts'
import { evidenceAbove, type Evidence } from './evidence.ts'
import { knownWeights } from './known-shares.ts'
import { qualityLoss, riskOf, type AuditedPromise, type AuditedRequest, type Risk } from './promise.ts'
import { ratioSums, type Weighed } from './weighted-mean.ts'

/**
 * `broken`: it is established that the promise has not been kept; `at-risk`: that is not established, but the estimate
 * lies beyond the promise; `supported`: it does not.
 */
export type AuditVerdict = 'supported' | 'at-risk' | 'broken' | 'too-few'

/** How a promise stands after some audits. */
export interface PromiseState {
  of: Risk['name']
  bound: number
  verdict: AuditVerdict
  /** Even the worst end of the range keeps the promise: the audits alone establish it. */
  confirmed: boolean
  /** Of what the promise bounds, over all requests so far. */
  mean?: number
  /** Holds at every look at once. */
  range: Range
  /** Against the promise; from `needed` on it is broken. */
  evidence: number
  needed: number
  /** The range holds as requests become many, and not for every number. */
  asymptotic: boolean
}

/** What audits have found of one cascade under one policy. */
export interface AuditState {
  /** Requests that the coin fell on, and of these: kept; without a loss that is known. */
  audited: number
  kept: number
  unknown: number
  promise?: PromiseState
  /** Averages over all requests, by inverse probability. */
  qualityLoss: Weighed
  keptShare: Weighed
  servedCost: Weighed
  largeCost: Weighed
  /** 1 - served / large. */
  saved: Weighed
}

/** Watches one cascade under one policy, request by request. */
export interface AuditMonitor {
  add(request: AuditedRequest): void
  state(): AuditState
  /** Against the promise, to go on from; without a promise: none. */
  evidence(): Evidence | undefined
}

export interface MonitorOptions {
  promise?: AuditedPromise
  /** Of intervals, and 1 minus the chance that a promise that holds is ever called broken. */
  confidence: number
  /** The least probability that the coin falls with, so that weights are at most 1; by default each request's own. */
  leastProbability?: number
}

/** With fewer audits that count nothing is said of a promise. */
const FEWEST = 30
/** What is known may be unevenly spread over time, but hardly within so many. */
const BLOCK = 200

export function auditMonitor(options: MonitorOptions): AuditMonitor {
  const sums = auditSums(options)
  let block: AuditedRequest[] = []
  /** Asked for by every gauge and look, until something is added. */
  let known: AuditState | undefined
  const whole = () => {
    const all = sums.copy()
    all.add(block)
    return all
  }
  return {
    add(request) {
      known = undefined
      block.push(request)
      if (block.length < BLOCK) return
      sums.add(block)
      block = []
    },
    state: () => (known ??= whole().state()),
    evidence: () => whole().evidence(),
  }
}

const noSums = ({ promise, confidence }: MonitorOptions) => {
  const delta = 1 - confidence
  const risk = promise && riskOf(promise)
  return {
    counts: { audited: 0, kept: 0, unknown: 0 },
    /** Values that the promise's mean is of. */
    taken: { count: 0 },
    loss: ratioSums(),
    kept: ratioSums(),
    served: ratioSums(),
    large: ratioSums(),
    saved: ratioSums(),
    // Half of what may go wrong for the range, a quarter a side, and half for the evidence. A cost's range proves nothing.
    running: risk && (risk.bounded ? runningMean(risk.low, risk.high, delta / 4) : asymptoticMean(delta / 2)),
    evidence: risk && evidenceAbove(risk.bound, risk.low, risk.high),
  }
}

function auditSums(options: MonitorOptions, from = noSums(options)) {
  const { promise, confidence, leastProbability } = options
  const risk = promise && riskOf(promise)
  const { counts, taken, loss, kept, served, large, saved, running, evidence } = from
  const delta = 1 - confidence

  /** What of some requests is known of a quantity, with weights. */
  function each(
    block: readonly AuditedRequest[],
    of: (request: AuditedRequest) => number | undefined,
    take: (value: number, weight: number, request: AuditedRequest) => void,
  ): void {
    const known = block.map((request) => ({ request, kept: request.kept, value: of(request) }))
    const weights = knownWeights(known)
    known.forEach(({ request, value }, i) => {
      if (value !== undefined && weights[i] > 0) take(value, weights[i], request)
    })
  }

  return {
    /** Takes in requests of one stretch of time. */
    add(block: readonly AuditedRequest[]): void {
      for (const request of block) {
        const { probability, servedCost, largeCost } = request
        const weight = 1 / probability
        counts.audited++
        if (request.kept) counts.kept++
        if (qualityLoss(request) === undefined) counts.unknown++
        kept.add(request.kept ? 1 : 0, 1, weight)
        if (servedCost !== undefined) served.add(servedCost, 1, weight)
        if (largeCost !== undefined) large.add(largeCost, 1, weight)
        if (servedCost !== undefined && largeCost !== undefined) saved.add(largeCost - servedCost, largeCost, weight)
      }
      each(block, qualityLoss, (value, weight, { probability }) => loss.add(value, 1, weight / probability))
      if (risk === undefined) return
      each(block, risk.of, (value, weight, { probability }) => {
        running!.add(value, (weight * (leastProbability ?? probability)) / probability)
        evidence!.add(value, weight)
        taken.count++
      })
    },
    state: (): AuditState => ({
      ...counts,
      ...(risk === undefined ? {} : { promise: promiseState(risk) }),
      qualityLoss: loss.estimate(confidence, 1),
      keptShare: kept.estimate(confidence),
      servedCost: served.estimate(confidence),
      largeCost: large.estimate(confidence),
      saved: saved.estimate(confidence),
    }),
    evidence: () => evidence?.copy(),
    copy: () =>
      auditSums(options, {
        counts: { ...counts },
        taken: { ...taken },
        loss: loss.copy(),
        kept: kept.copy(),
        served: served.copy(),
        large: large.copy(),
        saved: saved.copy(),
        running: running?.copy(),
        evidence: evidence?.copy(),
      }),
  }

  function promiseState({ name, bound, bounded }: Risk): PromiseState {
    const [range, mean, most] = [running!.range(), running!.mean(), evidence!.most()]
    const needed = (bounded ? 2 : 1) / delta
    const broken = most >= needed || (bounded && range.low > bound)
    const verdict = broken
      ? 'broken'
      : taken.count < FEWEST || mean === undefined
        ? 'too-few'
        : mean > bound
          ? 'at-risk'
          : 'supported'
    return {
      of: name,
      bound,
      verdict,
      confirmed: bounded && verdict === 'supported' && range.high <= bound,
      ...(mean === undefined ? {} : { mean }),
      range,
      evidence: most,
      needed,
      asymptotic: !bounded,
    }
  }
}
