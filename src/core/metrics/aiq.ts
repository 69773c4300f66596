import { trapezoidBetween, type Line } from '../stats/area.ts'

/**
 * The non-decreasing convex hull of points by ascending x: the best quality for a budget when routers may be mixed at
 * random. It ends at the cheapest point of the highest quality. (RouterBench, Hu et al. 2024, §3)
 */
export function hull({ x, y }: Line): { x: number[]; y: number[] } {
  const hx: number[] = []
  const hy: number[] = []
  for (let i = 0; i < x.length; i++) {
    if (hx.length > 0 && y[i] <= hy[hy.length - 1]) continue // never decreasing
    while (hx.length > 0 && x[i] === hx[hx.length - 1]) drop(hx, hy)
    while (hx.length > 1 && turnsUp(hx, hy, x[i], y[i])) drop(hx, hy)
    hx.push(x[i])
    hy.push(y[i])
  }
  return { x: hx, y: hy }
}

function drop(hx: number[], hy: number[]): void {
  hx.pop()
  hy.pop()
}

/** Whether the hull's last point lies on or under the line from the one before it to (x, y). */
function turnsUp(hx: number[], hy: number[], x: number, y: number): boolean {
  const last = hx.length - 1
  return (hy[last] - hy[last - 1]) * (x - hx[last - 1]) <= (y - hy[last - 1]) * (hx[last] - hx[last - 1])
}

/**
 * Average improvement in quality: the mean quality under the hull for a budget drawn from a range of costs; past its
 * end the hull is carried on flat. Hulls are comparable over one range only; without one it is the hull's own, as
 * RouterBench's paper has it (its code divides by the largest cost instead). An empty range: no value.
 */
export function aiq(line: Line, range?: { from: number; to: number }): number | undefined {
  const outline = hull(line)
  const { from, to } = range ?? { from: outline.x[0], to: outline.x[outline.x.length - 1] }
  return from < to ? trapezoidBetween(outline, from, to) / (to - from) : undefined
}
