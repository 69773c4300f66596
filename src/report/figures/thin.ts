import { cutsOf } from '../../core/intervals/ordered-rows.ts'
import type { Line as Columns } from '../../core/stats/area.ts'
import { qualityOverCost, type Curve } from '../../core/sweep/curve.ts'
import type { Line } from './figure-data.ts'

/** More points than any screen or page has columns. */
export const DRAWN_POINTS = 2000

/**
 * A curve as it is drawn, quality over cost: the corners of its upper and lower convex hull, which no thinning may cut
 * off, and at most 2,000 points spread evenly over the rows. No number is ever read off it.
 */
export function thinned(curve: Curve): Line {
  const line = qualityOverCost(curve)
  const drawn = drawnPoints(curve, line)
  return { x: forDrawing(drawn.map((i) => line.x[i])), y: forDrawing(drawn.map((i) => line.y[i])) }
}

/** Which points of a curve are drawn, ascending. */
export function drawnPoints(curve: Curve, line: Columns): number[] {
  const { points } = cutsOf(curve, DRAWN_POINTS)
  return [...new Set([...points, ...hull(line, 1), ...hull(line, -1)])].toSorted((a, b) => a - b)
}

/**
 * The corners of a line's convex hull, seen from above (`side` 1) or below (-1); x does not decrease. Of points with one
 * x only the outermost counts. (Andrew 1979, the monotone chain)
 */
export function hull({ x, y }: Columns, side: 1 | -1): number[] {
  const corners: number[] = []
  const isDent = (a: number, b: number, c: number) =>
    side * ((x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a])) >= 0
  for (let i = 0; i < x.length; i++) {
    const last = corners.at(-1)
    if (last !== undefined && x[last] === x[i]) {
      if (side * (y[i] - y[last]) <= 0) continue
      corners.pop()
    }
    while (corners.length > 1 && isDent(corners[corners.length - 2], corners[corners.length - 1], i)) corners.pop()
    corners.push(i)
  }
  return corners
}

/** Numbers to a hundred-thousandth of their span: finer than any picture, and a third as long in a file. */
export function forDrawing(values: readonly number[]): number[] {
  const span = values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity)
  if (!(span > 0)) return [...values]
  const decimals = Math.min(100, Math.max(0, 5 - Math.floor(Math.log10(span))))
  return values.map((value) => Number(value.toFixed(decimals)))
}
