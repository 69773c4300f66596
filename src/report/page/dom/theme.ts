import { themes, type Theme } from '../../charts/theme.ts'
import { element } from './element.ts'

const wantsDark = matchMedia('(prefers-color-scheme: dark)')
const followers: (() => void)[] = []
let printing = false

const isDark = (): boolean =>
  document.documentElement.dataset.theme === undefined
    ? wantsDark.matches
    : document.documentElement.dataset.theme === 'dark'

/** How charts look now: on the page's own paper, and on white paper where the page is being printed. */
export function chartTheme(): Theme {
  if (printing) return { ...themes.print, opaque: false }
  const paper = getComputedStyle(document.documentElement).backgroundColor
  return { ...themes[isDark() ? 'dark' : 'light'], paper }
}

/** Calls the listener whenever charts have to look different. */
export const followTheme = (listener: () => void): void => void followers.push(listener)

const tell = (): void => followers.forEach((listener) => listener())

/** The button that turns the page light or dark, whatever the system prefers. */
export function themeButton(): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'theme' })
  const label = () => (button.textContent = isDark() ? 'Light theme' : 'Dark theme')
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark'
    label()
    tell()
  })
  wantsDark.addEventListener('change', () => {
    label()
    tell()
  })
  label()
  return button
}

/** Paper is white: charts are drawn for it before the page goes there, and for the screen again after. */
export function followPrinting(): void {
  const turn = (to: boolean) => () => {
    printing = to
    tell()
  }
  addEventListener('beforeprint', turn(true))
  addEventListener('afterprint', turn(false))
}
