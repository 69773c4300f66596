import type { MarkingState, MarkingStep } from '../../label/state.ts'
import { element, refill } from '../dom/element.ts'
import { cardOf, nothingLeft } from './card.ts'
import { actionOf, actions, type Action } from './keys.ts'
import type { MarkingServer } from './server.ts'

/** The page: how far one is, one answer, and what can be said of it. Shows nothing new before the program has saved. */
export function markingPage(server: MarkingServer): { element: HTMLElement; start: () => Promise<void> } {
  const bar = element('progress', { 'aria-label': 'answers marked', value: 0 })
  const far = element('p', { class: 'far number' })
  const trouble = element('p', { class: 'trouble', role: 'alert' })
  const card = element('main', { 'aria-live': 'polite', 'aria-label': 'answer' })
  const buttons = actions.map(({ name, shown, action }) => {
    const button = element(
      'button',
      { type: 'button', class: typeof action === 'string' ? 'aside' : `mark ${name.toLowerCase()}`, disabled: true },
      name,
      element('span', { class: 'keys', 'aria-hidden': true }, ...shown.map((key) => element('kbd', {}, key))),
    )
    button.addEventListener('click', () => void act(action))
    return { button, action }
  })
  const again = element('button', { type: 'button' }, 'Show the skipped ones again')
  again.addEventListener('click', () => void send({ step: 'again' }))

  let state: MarkingState | undefined
  let waiting = false

  const show = (next: MarkingState) => {
    state = next
    const { item, marked, left, skipped } = next
    bar.max = Math.max(1, marked + left)
    bar.value = marked
    far.textContent = `${marked} marked, ${left} left${skipped > 0 ? ` (${skipped} skipped)` : ''}`
    refill(card, ...(item === null ? nothingLeft(skipped, again) : cardOf(item)))
    for (const { button, action } of buttons) {
      button.disabled = action === 'undo' ? !next.canUndo : item === null
      if (typeof action !== 'string') button.toggleAttribute('data-before', item?.before === action.mark)
    }
    scrollTo(0, 0)
  }
  /** One thing at a time; what goes wrong leaves everything as it stands. */
  const work = async (done: () => Promise<MarkingState>, otherwise: string) => {
    if (waiting) return
    waiting = true
    try {
      show(await done())
      trouble.textContent = ''
    } catch (error) {
      trouble.textContent = `${otherwise}${(error as Error).message}.`
    } finally {
      waiting = false
    }
  }
  const send = (step: MarkingStep) => work(() => server.step(step), 'Not saved: ')
  const act = async (action: Action): Promise<void> => {
    if (state === undefined) return
    const key = state.item?.key ?? null
    if (action === 'undo') return send({ step: 'undo', key })
    if (key === null) return
    return send(action === 'skip' ? { step: 'skip', key } : { step: 'mark', key, quality: action.mark })
  }
  addEventListener('keydown', (event) => {
    const action = actionOf(event)
    if (action === undefined) return
    event.preventDefault()
    void act(action)
  })

  return {
    element: element(
      'div',
      {},
      element('header', {}, element('h1', {}, 'Is this answer right?'), far, bar),
      card,
      trouble,
      element('nav', { 'aria-label': 'mark' }, ...buttons.map(({ button }) => button)),
      element(
        'p',
        { class: 'help soft' },
        'Keys: → or 1 right, ← or 0 wrong, 5 half, S skip, U undo. Every mark is saved before the next answer shows.',
      ),
    ),
    start: () => work(() => server.state(), ''),
  }
}
