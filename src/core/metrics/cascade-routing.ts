import { trapezoidBetween, type Line } from '../stats/area.ts'

/**
 * Mean quality over a budget between the cost of the small and of the large model alone, carried on flat where the
 * curve does not reach. `from` not below `to`: no value. (AUC of cascade routing, Dekoninck et al. 2024)
 */
export const cascadeRoutingAuc = (line: Line, from: number, to: number): number | undefined =>
  from < to ? trapezoidBetween(line, from, to) / (to - from) : undefined
