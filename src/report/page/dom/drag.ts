import { nearestPlace, type Place } from '../model/nearest.ts'
import type { ChartFigure } from './chart-figure.ts'
import { element } from './element.ts'
import type { Choice } from '../model/stop.ts'
import type { Store } from './store.ts'

/** The scales of a chart as it was drawn: a value's place in pixels, and the values at the two ends of an axis. */
export interface Scales {
  place: (axis: 'x' | 'y', value: number) => number
  ends: (axis: 'x' | 'y') => [number, number]
}

/** Where the stops of the chosen signal stand on a chart. */
export type PlacesOf = (choice: Choice, scales: Scales) => Place[]

/**
 * Lets the operating point be dragged on a chart: with a mouse from anywhere on it; with a finger by its handle, or
 * sideways on the chart, so that the page still scrolls. The keyboard has the slider.
 */
export function makeDraggable({ box, drawn, onDrawn }: ChartFigure, store: Store, placesOf: PlacesOf): void {
  const handle = element('div', { class: 'handle', 'aria-hidden': true })
  let places: Place[] = []
  let placesFor: unknown
  box.classList.add('draggable')

  onDrawn(() => {
    const chart = drawn()!
    const choice = store.get()
    if (placesFor !== chart) {
      places = placesOf(choice, {
        place: (axis, value) => chart.scale(axis)?.apply(value) as number,
        ends: (axis) => [...(chart.scale(axis)?.domain ?? [])] as [number, number],
      })
      placesFor = chart
    }
    const place = places[choice.stop]
    handle.hidden = place === undefined
    handle.style.left = `${place?.x ?? 0}px`
    handle.style.top = place?.y === undefined ? '50%' : `${place.y}px`
    if (handle.parentElement === null) box.append(handle)
  })

  const moveTo = (event: PointerEvent) => {
    const { left, top } = box.getBoundingClientRect()
    const stop = nearestPlace(places, { x: event.clientX - left, y: event.clientY - top })
    if (stop !== undefined) store.set({ ...store.get(), stop })
  }
  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    box.setPointerCapture(event.pointerId)
    if (event.pointerType === 'mouse') event.preventDefault() // no text is marked on the way
    if (event.target !== handle) moveTo(event)
  })
  box.addEventListener('pointermove', (event) => {
    if (box.hasPointerCapture(event.pointerId)) moveTo(event)
  })
}
