import type { Range } from '../stats/interval.ts'
import { asymptoticMean } from '../stats/asymptotic-mean.ts'
import { runningMean } from '../stats/running-mean.ts'
import { evidenceAbove } from './evidence.ts'
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
  evidence?: number
  needed?: number
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
  /**
   * @param marked where not all answers are scored: the share of the kept ones that are, so that the others do not count
   * for more than they are
   */
  add(request: AuditedRequest, marked?: number): void
  state(): AuditState
}

export interface MonitorOptions {
  promise?: AuditedPromise
  /** Of intervals, and 1 minus the chance that a promise that holds is ever called broken. */
  confidence: number
  /** The least probability that the coin falls with, so that weights are at most 1; by default each request's own. */
  leastProbability?: number
}

/** With fewer audits nothing is said of a promise. */
const FEWEST = 30

export function auditMonitor({ promise, confidence, leastProbability }: MonitorOptions): AuditMonitor {
  const risk = promise === undefined ? undefined : riskOf(promise)
  const delta = 1 - confidence
  const bounded = risk !== undefined && risk.high < Infinity
  // Half of what may go wrong for the range, a quarter a side, and half for the evidence, where there are both.
  const running = risk && (bounded ? runningMean(risk.low, risk.high, delta / 4) : asymptoticMean(delta / 2))
  const evidence = risk && bounded ? evidenceAbove(risk.bound, risk.low, risk.high) : undefined
  let [audited, keptCount, unknown] = [0, 0, 0]
  const [loss, kept, served, large, ratio] = [ratioSums(), ratioSums(), ratioSums(), ratioSums(), ratioSums()]

  return {
    add(request, marked = 1) {
      const { probability, servedCost, largeCost } = request
      const weight = 1 / probability
      audited++
      if (request.kept) keptCount++
      kept.add(request.kept ? 1 : 0, 1, weight)
      if (servedCost !== undefined) served.add(servedCost, 1, weight)
      if (largeCost !== undefined) large.add(largeCost, 1, weight)
      if (servedCost !== undefined && largeCost !== undefined) ratio.add(largeCost - servedCost, largeCost, weight)
      const lost = qualityLoss(request)
      const share = request.kept ? 1 : marked
      if (lost !== undefined && share > 0) loss.add(lost, 1, weight * share)
      const value = risk?.of(request)
      if (lost === undefined || (risk !== undefined && value === undefined)) unknown++
      if (value === undefined || share === 0) return
      running?.add(value, (share * (leastProbability ?? probability)) / probability)
      evidence?.add(value, share)
    },
    state: () => ({
      audited,
      kept: keptCount,
      unknown,
      ...(risk === undefined || running === undefined ? {} : { promise: promiseState() }),
      qualityLoss: loss.estimate(confidence),
      keptShare: kept.estimate(confidence),
      servedCost: served.estimate(confidence),
      largeCost: large.estimate(confidence),
      saved: ratio.estimate(confidence),
    }),
  }

  function promiseState(): PromiseState {
    const { bound } = risk!
    const range = running!.range()
    const mean = running!.mean()
    const needed = 2 / delta
    const most = evidence?.most()
    const broken = range.low > bound || (most !== undefined && most >= needed)
    const few = running!.count() < FEWEST
    const verdict = broken ? 'broken' : few ? 'too-few' : mean! > bound ? 'at-risk' : 'supported'
    return {
      of: risk!.name,
      bound,
      verdict,
      confirmed: !broken && range.high <= bound,
      ...(mean === undefined ? {} : { mean }),
      range,
      ...(most === undefined ? {} : { evidence: most, needed }),
      asymptotic: !bounded,
    }
  }
}
