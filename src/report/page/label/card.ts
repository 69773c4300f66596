import type { MarkingItem } from '../../label/state.ts'
import { element } from '../dom/element.ts'

const words: Readonly<Record<string, string>> = { 0: 'wrong', 0.5: 'half', 1: 'right' }

/** One answer with its question, and with what is right where that is known. */
export const cardOf = ({ question, gold, answer, before }: MarkingItem): HTMLElement[] => [
  ...(before === null
    ? []
    : [
        element(
          'p',
          { class: 'before' },
          `You marked this ${words[before] ?? before}. Mark it again, or skip to leave it.`,
        ),
      ]),
  part('Question', question ?? 'not in the log', question === null ? 'soft' : undefined),
  ...(gold.length === 0 ? [] : [part(gold.length === 1 ? 'Right answer' : 'Right answers', gold.join('\n'))]),
  part('Answer', answer === '' ? 'nothing' : answer, answer === '' ? 'soft' : 'answer-text'),
]

/** What stands there instead at the end. */
export const nothingLeft = (skipped: number, again: HTMLElement): HTMLElement[] => [
  element(
    'p',
    { class: 'end' },
    skipped === 0
      ? 'Every answer is marked. You can close this page, and end spillway label with Ctrl-C.'
      : `Every answer is marked but ${skipped} that you skipped.`,
  ),
  ...(skipped === 0 ? [] : [again]),
]

const part = (name: string, text: string, look?: string): HTMLElement =>
  element(
    'section',
    {},
    element('h2', {}, name),
    element('p', { class: look === undefined ? 'text' : `text ${look}` }, text),
  )
