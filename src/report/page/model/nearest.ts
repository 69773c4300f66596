/** A place on a chart, in pixels; a coordinate that is left out does not count. */
export interface Place {
  x?: number
  y?: number
}

/** Which of some places is nearest to a point; none: `undefined`. */
export function nearestPlace(places: readonly Place[], at: { x: number; y: number }): number | undefined {
  let best: number | undefined
  let least = Infinity
  places.forEach((place, i) => {
    const distance = Math.hypot(place.x === undefined ? 0 : place.x - at.x, place.y === undefined ? 0 : place.y - at.y)
    if (distance >= least) return
    least = distance
    best = i
  })
  return best
}
