import type { LiveState, WindowName } from '../../../live/state.ts'
import { element } from '../../dom/element.ts'
import { themeButton } from '../../dom/theme.ts'
import type { Connection } from '../connection.ts'
import { secondText } from '../model/clock.ts'
import { namesIn } from '../model/merge.ts'
import { uptimeText, windowText } from '../model/words.ts'

/** What someone looks at: some time, and the requests of one name or of all. */
export interface Looking {
  window: WindowName
  name?: string
}

export interface Heading {
  element: HTMLElement
  show(state: LiveState): void
  connection(connection: Connection): void
}

const words: Record<Connection, string> = { connecting: 'connecting', live: 'live', reconnecting: 'reconnecting' }

/** The title, whether the page hears of the gateway, and what of it is looked at. */
export function heading(onChange: (looking: Looking) => void): Heading {
  const looking: Looking = { window: 'hour' }
  const status = element('span', { class: 'connection connecting', role: 'status' }, words.connecting)
  const since = element('span', { class: 'soft number' })
  const select = element('select', { id: 'name' })
  const choice = element('label', { class: 'field', hidden: true }, 'Requests for', select)
  select.addEventListener('change', () => {
    looking.name = select.value === '' ? undefined : select.value
    onChange({ ...looking })
  })
  const radio = (window: WindowName) => {
    const input = element('input', { type: 'radio', name: 'window', value: window, checked: window === looking.window })
    input.addEventListener('change', () => {
      looking.window = window
      onChange({ ...looking })
    })
    return element('label', {}, input, element('span', {}, windowText[window]))
  }
  let names = ''
  return {
    element: element(
      'header',
      {},
      element('div', { class: 'title' }, element('h1', {}, 'Spillway gateway'), themeButton()),
      element(
        'div',
        { class: 'controls' },
        element('p', { class: 'now' }, status, since),
        choice,
        element(
          'fieldset',
          { class: 'switch' },
          element('legend', { class: 'hidden' }, 'Time'),
          radio('hour'),
          radio('day'),
        ),
      ),
    ),
    show(state) {
      since.textContent = `updated ${secondText(state.time)}, up ${uptimeText(state.uptime_s)}`
      const all = namesIn(state)
      choice.hidden = all.length < 2
      if (names === all.join('\n')) return
      names = all.join('\n')
      const options = [
        element('option', { value: '' }, 'all models'),
        ...all.map((name) => element('option', { value: name }, name)),
      ]
      select.replaceChildren(...options)
      select.value = all.includes(looking.name ?? '') ? looking.name! : ''
    },
    connection(connection) {
      status.className = `connection ${connection}`
      status.textContent = words[connection]
    },
  }
}
