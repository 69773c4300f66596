import { plain } from '../../../charts/format.ts'
import { keptShare } from '../../../live/sums.ts'
import { element } from '../../dom/element.ts'
import type { Table } from '../../model/tables.ts'
import { costChart } from '../charts/cost.ts'
import { keptShareChart } from '../charts/kept-share.ts'
import { outcomeOrder, type LiveView } from '../charts/live-chart.ts'
import { outcomesChart } from '../charts/outcomes.ts'
import { liveFigure } from '../dom/live-figure.ts'
import { clockText } from '../model/clock.ts'
import { slotMinutes, sumsOf } from '../model/slots.ts'
import { money, share, shortOutcome } from '../model/words.ts'

const HEIGHT = 230

/** Kept share, requests and cost, a place for every minute or quarter of an hour. */
export function overTime(): { element: HTMLElement; show(view: LiveView): void } {
  const each = ({ window }: LiveView) => (slotMinutes(window) === 1 ? 'minute' : `${slotMinutes(window)} minutes`)
  const kept = liveFigure<LiveView>({
    title: 'Kept',
    height: HEIGHT,
    caption: (view) => [
      `Share of decided requests whose answer is not the last model’s; dashed, of all: ${share(keptShare(sumsOf(view.window, view.name)))}.`,
    ],
    chart: keptShareChart,
    table: keptTable,
  })
  const outcomes = liveFigure<LiveView>({
    title: 'Requests',
    height: HEIGHT,
    caption: (view) => [`By what became of them, every ${each(view)}.`],
    chart: outcomesChart,
    table: outcomeTable,
  })
  const cost = liveFigure<LiveView>({
    title: 'Cost',
    height: HEIGHT,
    caption: ({ window, name, currency }) => {
      const { cost: paid, saved } = sumsOf(window, name)
      return [
        `${money(paid, currency)} paid where always asking the large model takes ${money(paid + saved, currency)}.`,
      ]
    },
    chart: costChart,
    table: costTable,
  })
  const figures = [kept, outcomes, cost]
  return {
    element: element('div', { class: 'over-time' }, ...figures.map((figure) => figure.element)),
    show: (view) => figures.forEach((figure) => figure.show(view)),
  }
}

const seen = ({ slots }: LiveView) => slots.filter(({ sums }) => sums.requests > 0).toReversed()

const keptTable = (view: LiveView): Table => ({
  heads: ['from', 'requests', 'kept', 'share'],
  rows: seen(view).map(({ start, sums }) => [
    clockText(start),
    plain(sums.requests),
    plain(sums.outcomes.kept ?? 0),
    share(keptShare(sums)),
  ]),
})

function outcomeTable(view: LiveView): Table {
  const there = new Set(view.slots.flatMap(({ sums }) => Object.keys(sums.outcomes)))
  const names = outcomeOrder.filter((name) => there.has(name))
  return {
    heads: ['from', ...names.map(shortOutcome)],
    rows: seen(view).map(({ start, sums }) => [
      clockText(start),
      ...names.map((name) => plain(sums.outcomes[name] ?? 0)),
    ]),
  }
}

const costTable = (view: LiveView): Table => ({
  heads: ['from', 'paid', 'always large', 'saved'],
  rows: seen(view).map(({ start, sums: { cost, saved } }) => [
    clockText(start),
    ...[cost, cost + saved, saved].map((amount) => money(amount, view.currency)),
  ]),
})
