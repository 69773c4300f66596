/** A broken line through (x[i], y[i]); x does not decrease. */
export interface Line {
  x: ArrayLike<number>
  y: ArrayLike<number>
}

/** Area under a broken line by the trapezoid rule; fewer than two points: 0. */
export function trapezoid({ x, y }: Line): number {
  let area = 0
  for (let i = 1; i < x.length; i++) area += ((y[i] + y[i - 1]) / 2) * (x[i] - x[i - 1])
  return area
}

/**
 * Area under a broken line between two x positions. Outside the line's own range the nearest end is carried on flat,
 * as numpy's `interp` does.
 */
export function trapezoidBetween({ x, y }: Line, from: number, to: number): number {
  const last = x.length - 1
  let area = 0
  if (from < x[0]) area += y[0] * (Math.min(x[0], to) - from)
  for (let i = 1; i <= last; i++) {
    if (x[i - 1] >= from && x[i] <= to) {
      area += ((y[i] + y[i - 1]) / 2) * (x[i] - x[i - 1])
      continue
    }
    const left = Math.max(x[i - 1], from)
    const right = Math.min(x[i], to)
    if (right <= left) continue
    const middle = (left + right) / 2
    const slope = (y[i] - y[i - 1]) / (x[i] - x[i - 1])
    area += (y[i - 1] + slope * (middle - x[i - 1])) * (right - left)
  }
  if (to > x[last]) area += y[last] * (to - Math.max(x[last], from))
  return area
}

/**
 * The smallest x at which the line reaches `level` from below, interpolated inside the segment that crosses it;
 * never reached: `undefined`. A level missed by rounding alone counts as reached.
 */
export function firstCrossing({ x, y }: Line, level: number): number | undefined {
  const reached = level - 1e-12 * Math.max(1, Math.abs(level))
  if (x.length > 0 && y[0] >= reached) return x[0]
  for (let i = 1; i < x.length; i++) {
    if (y[i] < reached) continue
    const share = Math.min(1, (level - y[i - 1]) / (y[i] - y[i - 1]))
    return x[i - 1] + share * (x[i] - x[i - 1])
  }
  return undefined
}
