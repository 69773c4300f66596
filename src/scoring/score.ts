/** The row of the data set that an answer belongs to, as it was read. */
export type Question = Readonly<Record<string, unknown>>

/**
 * How good an answer is, in [0, 1]; of several references the best one counts. There must be at least one reference:
 * whoever reads the data set refuses rows without. A user's own scorer may take its time, so callers `await` it.
 */
export type Score = (answer: string, references: readonly string[], question: Question) => number | Promise<number>

/** A score that needs no waiting: every scorer that Spillway brings. */
export type SyncScore = (answer: string, references: readonly string[], question: Question) => number
