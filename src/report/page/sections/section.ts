import { element, type Child } from '../dom/element.ts'

/** A part of the page, a landmark with its heading's name. */
export const section = (id: string, title: string, ...children: Child[]): HTMLElement =>
  element('section', { id, 'aria-labelledby': `${id}-title` }, element('h2', { id: `${id}-title` }, title), ...children)

export const paragraph = (text: string, kind?: string): HTMLParagraphElement => element('p', { class: kind }, text)
