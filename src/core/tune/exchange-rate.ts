import { hull } from '../metrics/aiq.ts'
import type { Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { baselines } from '../sweep/baselines.ts'
import { ibcBase } from '../sweep/benefit.ts'
import { exactCurve, extraCostAt, qualityOverCost, sortSignal } from '../sweep/curve.ts'
import { selectIndex, type Target } from '../sweep/target.ts'
import { rankedSignals } from './family.ts'

/** A slope is taken over so much of the cost range to either side of the point: single rows would make it jump. */
const WINDOW = 0.1

/**
 * λ, the quality that a unit of cost is worth, by which policies that cost different amounts are compared: the price
 * that the target names, else the rate at which the best signal trades quality for cost around the point that it would
 * choose. With a flat rate, the break-even one between keeping all and escalating all, a cautious choice on the very
 * same curve would look better than a thrifty one, or worse. Nothing costs anything: 0.
 */
export function exchangeRate(outcomes: Outcomes, costs: Costs, target: Target): number {
  if ('qualityMinusCost' in target) return target.qualityMinusCost
  const breakEven = Math.max(0, ibcBase(baselines(outcomes, costs, false), 'cascade') ?? 0)
  const column = rankedSignals(outcomes, costs)[0]
  if (column === undefined) return breakEven
  const curve = exactCurve(outcomes, sortSignal(column), costs)
  const index = selectIndex(curve, target)
  const line = hull(qualityOverCost(curve))
  const range = curve.base.costLarge / curve.base.rows
  if (index === undefined || !(range > 0) || line.x.length < 2) return breakEven
  const everyQuery = (curve.base.costSmall + curve.base.costVerify) / curve.base.rows
  const at = everyQuery + extraCostAt(curve, index) / curve.base.rows
  const [from, to] = [Math.max(everyQuery, at - WINDOW * range), Math.min(everyQuery + range, at + WINDOW * range)]
  return Math.max(0, (heightAt(line, to) - heightAt(line, from)) / (to - from))
}

/** A broken line at x; outside its range the nearest end. */
function heightAt({ x, y }: { x: number[]; y: number[] }, at: number): number {
  const next = x.findIndex((each) => each >= at)
  if (next === 0) return y[0]
  if (next < 0) return y[y.length - 1]
  const share = (at - x[next - 1]) / (x[next] - x[next - 1])
  return y[next - 1] + share * (y[next] - y[next - 1])
}
