import type { MarkingState, MarkingStep } from '../../report/label/state.ts'
import type { MarksFile } from '../marks-file.ts'
import type { Mark } from '../record.ts'
import { HAND, type MarkedText } from './items.ts'

/** Somebody who marks answers one after another. */
export interface MarkingSession {
  state(): MarkingState
  /**
   * Does what the page asks for. A mark is on the disk before this ends.
   * @returns `undefined` where the page has another answer in view than this session
   * @throws SpillwayError where a mark cannot be saved; everything is as before
   */
  step(step: MarkingStep): Promise<MarkingState | undefined>
}

export interface SessionOptions {
  items: readonly MarkedText[]
  /** Answers that were marked before. */
  marked: number
  marks: Pick<MarksFile, 'append'>
  now: () => Date
  /** Makes the names of answers, which nobody can guess and which say nothing. */
  newKey: () => string
}

interface Entry extends MarkedText {
  key: string
  quality?: number
  skipped: boolean
}

export function markingSession({ items, marked, marks, now, newKey }: SessionOptions): MarkingSession {
  const entries = items.map((item): Entry => ({ ...item, key: newKey(), skipped: false }))
  /** What was marked or skipped, the last one at the end. */
  const past: Entry[] = []
  /** Gone back to. */
  let returned: Entry | undefined
  let done = marked
  let busy = false

  const isOpen = ({ quality, skipped }: Entry) => quality === undefined && !skipped
  const current = () => returned ?? entries.find(isOpen)
  const state = (): MarkingState => {
    const entry = current()
    return {
      item: entry === undefined ? null : shown(entry),
      marked: done,
      left: entries.length + marked - done,
      skipped: entries.filter(({ skipped }) => skipped).length,
      canUndo: past.length > 0,
    }
  }
  const mark = async (entry: Entry, quality: number) => {
    const time = now().toISOString()
    await marks.append(entry.places.map((place): Mark => ({ ...place, quality, scorer: HAND, time })))
    if (entry.quality === undefined) done += 1
    entry.quality = quality
    entry.skipped = false
  }
  const leave = (entry: Entry) => {
    past.push(entry)
    returned = undefined
  }

  return {
    state,
    async step(step) {
      // Two pages, or two keys at once: only the first one can mean the answer that is in view.
      if (busy) return undefined
      if (step.step === 'again') {
        for (const entry of entries) entry.skipped = false
        return state()
      }
      const entry = current()
      if (step.key !== (entry?.key ?? null)) return undefined
      if (step.step === 'undo') {
        const before = past.pop()
        if (before !== undefined) {
          before.skipped = false
          returned = before
        }
        return state()
      }
      if (entry === undefined) return undefined
      if (step.step === 'skip') {
        // What was marked before stays so.
        entry.skipped = entry.quality === undefined
        leave(entry)
        return state()
      }
      busy = true
      try {
        await mark(entry, step.quality)
      } finally {
        busy = false
      }
      leave(entry)
      return state()
    },
  }
}

const shown = ({ key, question, gold, answer, quality }: Entry) => ({
  key,
  question: question ?? null,
  gold,
  answer,
  before: quality ?? null,
})
