/** An answer to be marked. Nothing in it tells which model wrote it, or what became of it. */
export interface MarkingItem {
  /** For this page only. */
  key: string
  question: string | null
  /** What is right, where that is known. */
  gold: readonly string[]
  answer: string
  /** What it was marked with before, where it came back. */
  before: number | null
}

/** What the page that marks answers shows. */
export interface MarkingState {
  /** Nothing: there is no answer left. */
  item: MarkingItem | null
  /** Answers that are marked, now and before. */
  marked: number
  /** Those that are not, the skipped ones among them. */
  left: number
  skipped: number
  /** There is an answer to go back to. */
  canUndo: boolean
}

/** What the page asks for; `key` says which answer it has in view. */
export type MarkingStep =
  | { step: 'mark'; key: string; quality: number }
  | { step: 'skip'; key: string }
  | { step: 'undo'; key: string | null }
  | { step: 'again' }
