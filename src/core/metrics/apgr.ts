import { trapezoid } from '../stats/area.ts'
import type { Curve } from '../sweep/curve.ts'

/**
 * Average performance gap recovered over the exact curve: the area under (P - P_small) / (P_large - P_small) over the
 * escalated share, by the trapezoid rule, which is what breaking ties at random gives on average. Random routing
 * scores 0.5. Large not better than small on average: no value. (after RouteLLM, Ong et al. 2024)
 */
export function apgr(curve: Curve): number | undefined {
  const { rows, gap } = curve.base
  if (gap <= 0) return undefined
  return trapezoid({ x: curve.kept.map((kept) => rows - kept), y: curve.gain }) / (rows * gap)
}
