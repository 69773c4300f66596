import { element } from './element.ts'

/** A button that copies a text, and says that it has. */
export function copyButton(label: string, text: () => string, say: (words: string) => void): HTMLButtonElement {
  const button = element('button', { type: 'button' }, label)
  button.addEventListener('click', () => {
    void copy(text()).then((copied) => {
      say(
        copied
          ? `Copied: ${label.replace(/^Copy /, '')}.`
          : 'This browser does not let a page copy: mark the text below.',
      )
    })
  })
  return button
}

/** Whether the text is on the clipboard now; pages from disk may not use the newer way in every browser. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = element('textarea', { class: 'hidden', readonly: true })
    area.value = text
    document.body.append(area)
    area.select()
    // oxlint-disable-next-line typescript/no-deprecated -- the only way where the newer one is not allowed
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
