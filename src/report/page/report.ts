import type { PageData } from '../html/page-data.ts'
import { element } from './dom/element.ts'
import { choiceStore } from './dom/store.ts'
import { followPrinting, themeButton } from './dom/theme.ts'
import { ibcWords } from './model/ibc-words.ts'
import { leadText } from './model/about-words.ts'
import { dataSection } from './sections/data.ts'
import { examplesSection } from './sections/examples.ts'
import { figuresOf } from './sections/figures.ts'
import { instrument } from './sections/instrument.ts'
import { policiesSection } from './sections/policies.ts'
import { section } from './sections/section.ts'
import { signalsTable } from './sections/signals.ts'

/** Builds the page from the data that stand in it. */
function show(page: PageData): void {
  const { figures: data, signal } = page
  const store = choiceStore({ signal, stop: data.signals[signal].opening })
  const figures = figuresOf(data, store)
  const words = element('p')
  store.follow((choice) => (words.textContent = ibcWords(data.signals[choice.signal]).join(' ')))
  const parts = [
    dataSection(data),
    section('cost-quality', 'Cost against quality', figures.costQuality, signalsTable(data, store)),
    instrument(page, store),
    section('thresholds', 'Every threshold', figures.threshold),
    section('signal-values', 'What the signal tells', figures.signal, figures.calibration, figures.benefit),
    section('worth', 'What escalating is worth', words, figures.ibc),
    policiesSection(page),
    examplesSection(data, store),
  ]
  document
    .getElementById('page')!
    .replaceChildren(
      element(
        'header',
        {},
        element('div', { class: 'title' }, element('h1', {}, data.about.title), themeButton()),
        element('p', { class: 'lead number' }, leadText(data)),
      ),
      element('main', {}, ...parts.filter((part) => part !== undefined)),
    )
  followPrinting()
}

show(JSON.parse(document.getElementById('data')!.textContent) as PageData)
