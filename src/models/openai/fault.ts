import { inspect } from 'node:util'
import { ModelError, type ModelErrorFacts } from '../model-error.ts'
import { scrub } from './secrets.ts'

/** Where something went wrong, and what must not be said about it. */
export interface Place {
  place: string
  secrets: readonly string[]
}

/** The error for what went wrong at a place. A cause that holds a secret is left out. */
export function faultAt(
  { place, secrets }: Place,
  text: string,
  facts: Omit<ModelErrorFacts, 'place'> = {},
): ModelError {
  const { cause, ...rest } = facts
  const open = (shown: string) => scrub(shown, secrets) !== shown
  return new ModelError(scrub(`${place}: ${text}`, secrets), {
    place,
    ...rest,
    ...(cause === undefined || open(inspect(cause, { depth: 6, showHidden: true })) ? {} : { cause }),
  })
}
