import { firstCrossing, trapezoid, type Line } from '../stats/area.ts'
import type { Curve, SortedSignal } from '../sweep/curve.ts'
import { gridThresholds, indexOfThreshold, type KeyOrder } from '../sweep/grid.ts'

/** RouteLLM's figures for a router, on its eleven thresholds. */
export interface RouteLlm {
  /** Average performance gap recovered. */
  apgr: number
  /** Call-performance thresholds: the share of large calls that first recovers 20, 50 and 80 % of the quality gap. */
  cpt20?: number
  cpt50?: number
  cpt80?: number
}

/**
 * RouteLLM's curve: mean quality over the share of large calls at the deciles of the signal, escalating rows at the
 * threshold too (`win rate >= threshold`), between no call and every call.
 */
export function routeLlmCurve(curve: Curve, order: SortedSignal | KeyOrder): Line {
  const { base } = curve
  const deciles = gridThresholds({ kind: 'quantile', count: 10 }, order)
  // qcut's lowest edge is the least certain value; its highest takes in every row.
  const indices = [0, ...deciles.map((threshold) => indexOfThreshold(curve, threshold, true)), curve.length - 1]
  return {
    x: indices.map((i) => (base.rows - curve.kept[i]) / base.rows),
    y: indices.map((i) => (base.qualitySmall + curve.gain[i]) / base.rows),
  }
}

/**
 * RouteLLM's APGR and CPT. Its own code interpolates CPT with numpy's `interp`, which assumes that quality rises with
 * every call; where it does not, that answer is arbitrary. Ours is the first crossing, the same wherever quality rises.
 * Large not better than small on average: no value. (Ong et al. 2024, "RouteLLM")
 */
export function routeLlm(curve: Curve, order: SortedSignal | KeyOrder): RouteLlm | undefined {
  const line = routeLlmCurve(curve, order)
  const small = line.y[0]
  const gap = curve.base.gap / curve.base.rows
  if (gap <= 0) return undefined
  const cpt = (share: number) => firstCrossing(line, small + share * gap)
  return { apgr: (trapezoid(line) - small) / gap, cpt20: cpt(0.2), cpt50: cpt(0.5), cpt80: cpt(0.8) }
}
