import { percent, threshold as thresholdText } from '../../../charts/format.ts'
import type { LiveSignal, LiveWindow } from '../../../live/state.ts'
import { element } from '../../dom/element.ts'
import type { Table } from '../../model/tables.ts'
import { signalChart } from '../charts/signal.ts'
import { liveFigure, type LiveFigure } from '../dom/live-figure.ts'
import { placedBins } from '../model/placed-bins.ts'
import { driftText, many } from '../model/words.ts'

const keyOf = ({ cascade, stage, signal }: LiveSignal) => [cascade, stage, signal].join('\n')

/** Every signal that a policy reads, against where it was tuned; what cannot be compared is said in words. */
export function signals(): { element: HTMLElement; show(window: LiveWindow, name?: string): void } {
  const box = element('div', { class: 'signals' })
  let shown = ''
  let figures = new Map<string, LiveFigure<LiveSignal>>()
  return {
    element: box,
    show({ signals: all }, name) {
      const list = all.filter(({ cascade }) => name === undefined || cascade === name)
      const keys = JSON.stringify(list.map((each) => [keyOf(each), each.unknown_tuning, each.edges]))
      if (keys !== shown) {
        shown = keys
        figures = new Map(list.map((each) => [keyOf(each), figureOf(each)]))
        box.replaceChildren(
          ...[...figures.values()].map((figure) => figure.element),
          ...(list.length === 0 ? [element('p', { class: 'soft' }, 'No policy here reads a signal.')] : []),
        )
      }
      for (const each of list) figures.get(keyOf(each))!.show(each)
    },
  }
}

function figureOf(first: LiveSignal): LiveFigure<LiveSignal> {
  const { cascade, stage, signal } = first
  const title = `${signal} of ${stage} in ${cascade}`
  const unknown = first.unknown_tuning !== undefined
  if (!unknown) return liveFigure({ title, height: 250, caption, chart: signalChart, table: binTable })
  const words = element('p', {})
  return {
    element: element('div', { class: 'unknown' }, element('h3', {}, title), words),
    show: (live) => words.replaceChildren(...caption(live)),
  }
}

function caption(live: LiveSignal): (Node | string)[] {
  const { drift, bins, missing, thresholds, kept } = live
  const rows = bins.reduce((sum, { tuned }) => sum + tuned, missing.tuned)
  const side =
    thresholds.length === 1 && kept !== 'other'
      ? ` Kept: ${kept === 'high' ? '≥' : '≤'}\u00a0${thresholdText(thresholds[0])}.`
      : ''
  const more = [
    drift === null ? '' : `${many(drift.requests, 'answer')} against ${many(rows, 'tuning row')}.`,
    missing.traffic > 0 ? `${many(missing.traffic, 'answer')} without it.` : '',
    drift !== null && drift.unknown > 0 ? `${many(drift.unknown, 'answer')} of which too little is known.` : '',
  ].filter((text) => text !== '')
  return [
    'Drift: ',
    element('span', { class: `drift ${drift?.verdict ?? 'unknown'}` }, driftText(live)),
    `.${side}${more.map((text) => ` ${text}`).join('')}`,
  ]
}

function binTable(live: LiveSignal): Table {
  const end = (value: number | undefined, open: string) => (value === undefined ? open : thresholdText(value))
  return {
    heads: ['from', 'to below', 'tuning', 'traffic', 'requests'],
    rows: placedBins(live).map(({ x1, x2, tuned, traffic, bin }) => [
      end(bin.from, '−∞'),
      end(bin.to, '∞'),
      percent(tuned * (x2 - x1)),
      percent(traffic * (x2 - x1)),
      String(bin.traffic),
    ]),
  }
}
