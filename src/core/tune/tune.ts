import { SpillwayError } from '../errors.ts'
import { policyIntervals, type RoutedIntervals } from '../intervals/policy-intervals.ts'
import { route } from '../intervals/routed.ts'
import { DEFAULT_WRONG_BELOW } from '../metrics/metrics.ts'
import { resolveCosts, type CostOptions, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { always } from '../policy/policy.ts'
import { DEFAULT_RESAMPLES } from '../stats/bootstrap.ts'
import type { Work } from '../stats/work.ts'
import type { OperatingPoint } from '../sweep/operating-point.ts'
import type { Target } from '../sweep/target.ts'
import { certifyFamily, isPromise, type Certification } from './certification.ts'
import type { CertifyMethod } from './certify.ts'
import { crossFit } from './cross-fit.ts'
import { exchangeRate } from './exchange-rate.ts'
import { familiesOf } from './families.ts'
import type { FamilyKind, Setting } from './family.ts'
import { nominate, type Judged } from './nominate.ts'
import { DEFAULT_SHARES, effectiveGroups, largestGroup, splitOutcomes, type SplitShares } from './splits.ts'

/** What a policy is wanted for, and how it is chosen and tested; all but the target has defaults. */
export interface TuneOptions {
  target: Target
  costs?: CostOptions
  /** Of the promise and of every interval. Default: 0.9. */
  confidence?: number
  /** Which policies compete, by the words of `familiesOf`. Default: threshold, joint, learned. */
  policies?: readonly string[]
  /** Default: 1. */
  seed?: number
  /** Default: betting. */
  method?: CertifyMethod
  /** Test the family that did best on the select part, at the whole level, or each of F at 1/F of it. Default: one. */
  certify?: 'one' | 'each'
  shares?: SplitShares
  resamples?: number
  /** No group has more rows than this. Default: the largest group of the data. */
  maxGroupRows?: number
  /** No query costs more than this, where costs differ by row. */
  costCap?: number
  wrongBelow?: number
}

/** Rows and groups of a part. */
export interface PartSize {
  rows: number
  groups: number
}

/** One family's choice, in sample and held out. */
export interface TuneCandidate {
  name: string
  kind: FamilyKind
  /** What looked best where it was chosen, with what it gives on those very rows. */
  bestLooking?: OperatingPoint
  /** What may be used: the certified policy where one was, else the one that looked best. */
  selected?: OperatingPoint
  /** What the two give on the report part. */
  heldOutBestLooking?: RoutedIntervals
  heldOut?: RoutedIntervals
  /** How its choices do within the select part, on rows that had no part in them, and against the best threshold. */
  crossFitted: Pick<Judged, 'crossFitted' | 'merit' | 'against'>
  /** Absent where it was not tested. */
  certification?: Certification
}

/** What was chosen, what it was tested on, and what it gives on rows that had no part in either. */
export interface TuneResult {
  target: Target
  confidence: number
  seed: number
  resamples: number
  method: CertifyMethod
  /** λ, the quality that a unit of cost was worth in comparing families. */
  rate: number
  costs: Costs
  rows: number
  groups: { count: number; from: 'group' | 'id' | 'row'; effective: number }
  parts: { select: PartSize; certify?: PartSize; report: PartSize }
  /** Keeping all and escalating all on the report part. */
  references: { keepAll: RoutedIntervals; escalateAll: RoutedIntervals }
  candidates: TuneCandidate[]
  /** The family that was taken after selecting. */
  nominated: TuneCandidate
  /** What may be used: certified where a promise was asked for, else the nominated choice. */
  chosen?: TuneCandidate
}

const CROSS_FIT_FOLDS = 5

/**
 * Selects, certifies and reports on three parts of the data. A promise (quality, quality loss, cost) is tested on a
 * part that had no say in what is tested; what is maximised is chosen on all but the report part. Everything follows
 * from the seed.
 * @throws SpillwayError where there are too few groups, or costs or policies are not known
 */
export function* tune(outcomes: Outcomes, options: TuneOptions): Work<TuneResult> {
  const { target, confidence = 0.9, seed = 1, method = 'betting', resamples = DEFAULT_RESAMPLES } = options
  const { policies = ['threshold', 'joint', 'learned'], certify = 'one', shares = DEFAULT_SHARES } = options
  checkTarget(target)
  const setting: Setting = {
    costOptions: options.costs,
    target,
    seed,
    wrongBelow: options.wrongBelow ?? DEFAULT_WRONG_BELOW,
  }
  const costs = resolveCosts(outcomes, options.costs)
  const families = familiesOf(outcomes, policies)
  const promised = isPromise(target) ? target : undefined
  // Without a promise nothing is certified: that part selects too.
  const split = splitOutcomes(
    outcomes,
    seed,
    promised ? shares : { ...shares, select: shares.select + shares.certify, certify: 0 },
  )
  const { select, certify: certifyPart, report } = split

  const fitted = yield* crossFit(select, families, setting, CROSS_FIT_FOLDS)
  if (fitted.length === 0)
    throw new SpillwayError('bad-input', 'no policy can be made from these rows: no signal has a value')
  const intervalOptions = { seed, resamples, confidence }
  const selectCosts = resolveCosts(select, options.costs)
  const rate = exchangeRate(select, selectCosts, target)
  const { judged, chosen: nominee } = yield* nominate(select, fitted, selectCosts, rate, intervalOptions)

  const tested = promised === undefined ? [] : certify === 'each' ? judged : [nominee]
  const candidates: TuneCandidate[] = []
  for (const each of judged) {
    const { family, inSample, fitted: fit } = each
    let certification: Certification | undefined
    if (promised !== undefined && tested.includes(each)) {
      yield { label: `certifying ${family.name}`, done: candidates.length, total: judged.length }
      certification = certifyFamily(fit, { select, certify: certifyPart }, promised, setting, {
        method,
        delta: Number(((1 - confidence) / tested.length).toPrecision(12)),
        seed,
        // Sizes are known before any quality of the certify part is looked at.
        maxGroupRows: options.maxGroupRows ?? largestGroup(outcomes.groups),
        costCap: options.costCap,
      })
    }
    const selected = certification?.certified ?? inSample
    const { name, kind } = family
    candidates.push({ name, kind, bestLooking: inSample, selected, crossFitted: each, certification })
  }
  const references = yield* addHeldOut(report, candidates, options.costs, intervalOptions)
  const nominated = candidates[judged.indexOf(nominee)]
  return {
    target,
    confidence,
    seed,
    resamples,
    method,
    rate,
    costs,
    rows: outcomes.rows,
    groups: { count: outcomes.groups.count, from: outcomes.groups.from, effective: effectiveGroups(outcomes.groups) },
    parts: {
      select: sizeOf(select),
      ...(promised === undefined ? {} : { certify: sizeOf(certifyPart) }),
      report: sizeOf(report),
    },
    references,
    candidates,
    nominated,
    chosen: promised === undefined ? nominated.selected && nominated : bestCertified(candidates, target),
  }
}

/** A target that nothing can be held to. */
function checkTarget(target: Target): void {
  if ('maxQualityLoss' in target && !(target.maxQualityLoss > 0 && target.maxQualityLoss < 1))
    throw new SpillwayError(
      'usage',
      `a quality loss of ${target.maxQualityLoss} cannot be promised; it lies above 0 and below 1`,
    )
  if ('minQuality' in target && !(target.minQuality > 0 && target.minQuality < 1))
    throw new SpillwayError(
      'usage',
      `a quality of ${target.minQuality} cannot be promised; it lies above 0 and below 1`,
    )
}

/** Replays every choice on the report part; gives the two references there. */
function* addHeldOut(
  report: Outcomes,
  candidates: TuneCandidate[],
  costOptions: CostOptions | undefined,
  options: { seed: number; resamples: number; confidence: number },
): Work<TuneResult['references']> {
  const costs = resolveCosts(report, costOptions)
  const chosen = candidates.filter(({ selected }) => selected !== undefined)
  const policies = [
    always('keep'),
    always('escalate'),
    ...chosen.flatMap(({ selected, bestLooking }) => [selected!.policy, (bestLooking ?? selected!).policy]),
  ]
  const { routings } = yield* policyIntervals(
    report,
    policies.map((policy) => route(report, policy, costs)),
    costs,
    options,
  )
  chosen.forEach((candidate, i) => {
    candidate.heldOut = routings[2 * i + 2]
    candidate.heldOutBestLooking = routings[2 * i + 3]
  })
  return { keepAll: routings[0], escalateAll: routings[1] }
}

/**
 * The certified policy that is cheapest, or of those that promise a cost the best, where it was selected. One that is
 * no single threshold takes part where it was established to be better, or where no threshold was certified.
 */
function bestCertified(candidates: readonly TuneCandidate[], target: Target): TuneCandidate | undefined {
  const value = ({ selected }: TuneCandidate) => ('maxCost' in target ? selected!.quality : -selected!.cost)
  const best = (list: readonly TuneCandidate[]) =>
    list.reduce<TuneCandidate | undefined>((a, b) => (a === undefined || value(b) > value(a) ? b : a), undefined)
  const certified = candidates.filter(({ certification }) => certification?.certified !== undefined)
  const earned = ({ kind, crossFitted }: TuneCandidate) =>
    kind === 'threshold' || crossFitted.against?.verdict === 'first'
  return best(certified.filter(earned)) ?? best(certified)
}

const sizeOf = ({ rows, groups }: Outcomes): PartSize => ({ rows, groups: groups.count })
