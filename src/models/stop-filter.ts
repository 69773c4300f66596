import type { TokenStep } from '../core/signals/trace.ts'

/** A token whose text is known. */
export type TextStep = TokenStep & { text: string }

export interface StopFilter {
  /** The steps that are now known to belong to the answer; `stopped` once a stop text has been seen. */
  push(step: TextStep): { steps: TextStep[]; stopped: boolean }
  /** What was held back, at the end of the answer. */
  flush(): TextStep[]
}

/**
 * Cuts an answer before the first of some texts. A step is held back as long as its text may begin one of them; a
 * token that the stop text begins in the middle of stays, with the text before it.
 */
export function stopFilter(stops: readonly string[]): StopFilter {
  const texts = stops.filter((text) => text !== '')
  let held: TextStep[] = []
  let text = ''
  return {
    push(step) {
      held.push(step)
      text += step.text
      const found = texts.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
      if (found.length > 0) {
        const steps = before(held, Math.min(...found))
        held = []
        return { steps, stopped: true }
      }
      const safe = text.length - longestStart(text, texts)
      const steps: TextStep[] = []
      let end = 0
      while (held.length > 0 && end + held[0].text.length <= safe) {
        end += held[0].text.length
        steps.push(...held.splice(0, 1))
      }
      text = text.slice(end)
      return { steps, stopped: false }
    },
    flush() {
      const steps = held
      held = []
      return steps
    },
  }
}

/** The steps whose texts lie within the first `length` characters; the last one may be cut. */
function before(steps: readonly TextStep[], length: number): TextStep[] {
  const kept: TextStep[] = []
  let left = length
  for (const step of steps) {
    if (left <= 0) break
    kept.push(step.text.length <= left ? step : { ...step, text: step.text.slice(0, left) })
    left -= step.text.length
  }
  return kept
}

/** The length of the longest end of a text that begins one of the stop texts. */
function longestStart(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
      if (text.endsWith(stop.slice(0, length))) longest = length
  return longest
}
