import type { PageData } from '../../html/page-data.ts'
import { copyButton } from '../dom/copy.ts'
import { element, refill, setAttribute } from '../dom/element.ts'
import type { Store } from '../dom/store.ts'
import { ruleText } from '../model/format.ts'
import { readingsAt, shakyNote, spokenPoint, type Reading } from '../model/readings.ts'
import { policyOfStop, withSignal } from '../model/stop.ts'
import { needsFile, policyText, routeCommand } from '../model/take-away.ts'

/** How long the numbers rest before they are read out, milliseconds: a moving slider would never let a voice end. */
const REST = 500

/** The one live thing of the page: a signal, its threshold, and what that gives. */
export function instrument({ figures, sources, route }: PageData, store: Store): HTMLElement {
  const { signals, about } = figures
  const select = element(
    'select',
    { id: 'signal' },
    ...signals.map(({ signal }, i) => element('option', { value: i }, signal)),
  )
  const slider = element('input', { type: 'range', id: 'threshold', min: 0, step: 1 })
  const rule = element('output', { for: 'signal threshold', class: 'rule' })
  const glance = element('p', { class: 'glance', 'aria-hidden': true })
  const readings = element('div', { class: 'readings' })
  const note = element('p', { class: 'shaky' })
  const spoken = element('p', { class: 'hidden', 'aria-live': 'polite', id: 'spoken' })
  const said = element('p', { class: 'said', role: 'status' })
  const file = element('pre', { tabindex: 0 })
  const command = element('pre', { tabindex: 0 })
  const hint = element('p', { class: 'small soft' })
  const policy = () => policyOfStop(signals[store.get().signal], store.get().stop)
  const policyFile = () => policyText(policy(), sources)
  const say = (words: string) => (said.textContent = words)

  select.addEventListener('change', () => store.set(withSignal(signals, store.get(), Number(select.value))))
  slider.addEventListener('input', () => store.set({ ...store.get(), stop: Number(slider.value) }))

  let timer: ReturnType<typeof setTimeout> | undefined
  store.follow(({ signal, stop }) => {
    const figure = signals[signal]
    const last = figure.stops.kept.length - 1
    const text = ruleText(policy())
    const groups = readingsAt(figure, stop, about)
    const main = groups[0].readings
    const valueOf = (id: string) => main.find((reading) => reading.id === id)!.value
    const short = `keeps ${valueOf('kept_share')}, quality ${valueOf('quality')}, cost ${valueOf('cost')}`
    select.value = String(signal)
    setAttribute(slider, 'max', last)
    slider.value = String(stop)
    setAttribute(slider, 'aria-valuetext', `${text}: ${short}`)
    slider.style.setProperty('--at', String(last === 0 ? 0 : stop / last))
    rule.textContent = text
    glance.textContent = short
    refill(
      readings,
      ...groups.map(({ title, readings: list }) =>
        element(
          'table',
          {},
          element('caption', title === undefined ? { class: 'hidden' } : {}, title ?? 'What this threshold gives'),
          element('tbody', {}, ...list.map(readingRow)),
        ),
      ),
    )
    const shaky = shakyNote(figure, stop)
    note.textContent = shaky ?? ''
    note.hidden = shaky === undefined
    file.textContent = policyFile()
    command.textContent = routeCommand(policy(), route)
    hint.textContent = needsFile(policy()) ? 'The command reads the policy.json above.' : ''
    say('')
    clearTimeout(timer)
    timer = setTimeout(() => (spoken.textContent = `${text}. ${spokenPoint(figure, stop, about)}.`), REST)
  })

  return element(
    'section',
    { class: 'instrument', 'aria-labelledby': 'instrument-title' },
    element('h2', { id: 'instrument-title' }, 'The threshold'),
    element(
      'div',
      { class: 'control' },
      element('div', { class: 'field' }, element('label', { for: 'signal' }, 'Signal'), select),
      element('label', { for: 'threshold', class: 'hidden' }, 'Threshold'),
      rule,
      slider,
      element(
        'div',
        { class: 'ends', 'aria-hidden': true },
        element('span', {}, 'keep all'),
        element('span', {}, 'escalate all'),
      ),
      glance,
    ),
    element(
      'div',
      { class: 'result' },
      readings,
      note,
      spoken,
      element(
        'div',
        { class: 'buttons' },
        copyButton('Copy policy.json', policyFile, say),
        copyButton('Copy command', () => routeCommand(policy(), route), say),
      ),
      said,
      element('details', { class: 'texts' }, element('summary', {}, 'Policy and command'), file, command, hint),
      element(
        'p',
        { class: 'small soft' },
        'In sample: these rows also show which threshold looks best, so that it looks better here than it will elsewhere. Held-out figures are those of tuned policies.',
      ),
    ),
  )
}

const readingRow = ({ id, label, value, range, note, shaky }: Reading): HTMLTableRowElement =>
  element(
    'tr',
    { 'data-reading': id },
    element('th', { scope: 'row' }, label),
    element('td', { class: 'value' }, `${shaky === true ? '~\u2009' : ''}${value}`),
    element(
      'td',
      { class: 'range' },
      range ?? '',
      note === undefined ? undefined : element('span', { class: 'note' }, note),
    ),
  )
