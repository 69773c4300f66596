/**
 * What is odd about the data. Errors make every number wrong and stop the run; warnings are part of every result;
 * notes only help.
 */
export interface Finding {
  level: 'error' | 'warning' | 'note'
  code:
    | 'not-a-number'
    | 'out-of-range'
    | 'missing'
    | 'not-finite'
    | 'incomplete-rows'
    | 'bits-disagree'
    | 'constant-signal'
    | 'few-values'
    | 'other-text'
    | 'repeated-ids'
    | 'ids-differ'
    | 'small-above-large'
    | 'few-rows'
    | 'models-order'
    | 'no-costs'
    | 'unused-columns'
    | 'binned'
    | 'estimated-groups'
    | 'sampled'
    | 'stopped-early'
  /** A sentence or two, with place, culprit and remedy. */
  message: string
  /** The user's name for the column, where one column is meant. */
  column?: string
  /** How many rows are concerned. */
  rows?: number
}

/** `1 row`, `2 rows`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
