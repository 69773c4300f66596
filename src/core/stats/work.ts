/** How far a long computation is. */
export interface Progress {
  label: string
  done: number
  total: number
}

/**
 * A long computation that reports how far it is: pure, since whoever runs it does what is to be done with the reports,
 * such as drawing them or letting an interrupt through.
 */
export type Work<T> = Generator<Progress, T, void>

/** Runs a computation to its end without a look at its reports. */
export function finish<T>(work: Work<T>): T {
  let step = work.next()
  while (step.done !== true) step = work.next()
  return step.value
}
