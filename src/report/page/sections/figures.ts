import { charts } from '../../charts/charts.ts'
import type { FigureData } from '../../figures/figure-data.ts'
import { stopPoint } from '../../figures/stops.ts'
import { chartFigure } from '../dom/chart-figure.ts'
import { makeDraggable, type PlacesOf } from '../dom/drag.ts'
import type { Choice } from '../model/stop.ts'
import type { Store } from '../dom/store.ts'
import { asConfidence } from '../model/format.ts'
import * as tables from '../model/tables.ts'

/** Every figure of the page, by name, in the order of their numbers; each can be dragged on where it has the point. */
export function figuresOf(data: FigureData, store: Store): Record<FigureName, HTMLElement> {
  const { signals, about } = data
  const of = ({ signal }: Choice) => signals[signal]
  const named = (choice: Choice) => of(choice).signal
  const band = asConfidence(about.confidence)
  const points = (choice: Choice) => of(choice).stops.kept.map((_, stop) => stopPoint(of(choice), stop))
  const alongKept: PlacesOf = (choice, { place }) => points(choice).map((point) => ({ x: place('x', point.keptShare) }))
  /** From the least certain row on, among those that have the signal. */
  const alongRows: PlacesOf = (choice, { place }) => {
    const { base, missing, stops } = of(choice)
    return stops.kept.map((kept) => ({ x: place('x', Math.max(0, 1 - kept / Math.max(1, base.rows - missing))) }))
  }
  /** By the threshold itself; the two ends of the curve at the edges. */
  const alongValues: PlacesOf = (choice, { place, ends }) => {
    const { stops, direction } = of(choice)
    const [left, right] = ends('x')
    const edge = (stop: number) => ((stop === 0) === (direction === 'higher') ? left : right)
    return stops.threshold.map((threshold, stop) => ({ x: place('x', threshold ?? edge(stop)) }))
  }
  let number = 0
  const figure = (spec: Omit<Parameters<typeof chartFigure>[2], 'number'>, placesOf?: PlacesOf): HTMLElement => {
    number += 1
    const made = chartFigure(data, store, { ...spec, number })
    if (placesOf !== undefined) makeDraggable(made, store, placesOf)
    return made.element
  }
  return {
    costQuality: figure(
      {
        title: 'Cost against quality',
        caption: (choice) =>
          `Mean quality over mean cost per query: ${named(choice)} with its ${band} band, which holds for the whole curve at once; the other signals; random routing, which is the straight line; and the oracle, which knows both answers. The point is the chosen threshold: drag it.`,
        chart: charts['cost-quality'],
        shape: 0.62,
        table: (choice) => tables.costQualityTable(of(choice)),
      },
      (choice, { place }) =>
        points(choice).map(({ cost, quality }) => ({ x: place('x', cost), y: place('y', quality) })),
    ),
    threshold: figure(
      {
        title: 'Every threshold',
        caption: (choice) => `What each threshold of ${named(choice)} keeps, how good it is, and what it costs.`,
        chart: charts.threshold,
        table: (choice) => tables.thresholdTable(of(choice)),
      },
      alongValues,
    ),
    signal: figure(
      {
        title: 'The signal',
        caption: (choice) =>
          `Small answers by their ${named(choice)}, the right and the wrong ones apart. The better the two are told apart, the better any threshold can be.`,
        chart: charts.signal,
        shape: 0.45,
        table: (choice) => tables.histogramTable(of(choice)),
      },
      alongValues,
    ),
    calibration: figure(
      {
        title: 'How often the small model is right',
        caption: (choice) =>
          `Share of right small answers by tenths of the rows, from the least to the most certain by ${named(choice)}, with ${band} intervals.`,
        chart: charts.calibration,
        shape: 0.45,
        table: (choice) => tables.calibrationTable(of(choice)),
      },
      alongRows,
    ),
    benefit: figure(
      {
        title: 'What escalating gains',
        caption: () =>
          `Mean gain in quality when the same tenths of the rows escalate, with ${band} intervals. A good signal has its gains at the left.`,
        chart: charts.benefit,
        shape: 0.45,
        table: (choice) => tables.benefitTable(of(choice)),
      },
      alongRows,
    ),
    ibc: figure(
      {
        title: 'What the money buys',
        caption: (choice) =>
          `Δibc of ${named(choice)} over the share of answers kept: how much more quality a unit of extra cost buys than escalating everything does, with its ${band} interval at each point.`,
        chart: charts.ibc,
        table: (choice) => tables.ibcTable(of(choice)),
      },
      alongKept,
    ),
  }
}

export type FigureName = 'costQuality' | 'threshold' | 'signal' | 'calibration' | 'benefit' | 'ibc'
