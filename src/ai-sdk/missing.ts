import type { NoAnswer } from '../cascade/run.ts'
import { SpillwayError } from '../core/errors.ts'
import { providerOf } from './asking.ts'
import { labelOf, type Placed } from './place.ts'

/** What can be done about answers without log-probabilities. */
export const remedyFor = ({ model }: Placed): string =>
  providerOf(model.provider).startsWith('spillway')
    ? 'its server gave none; a policy for it can read signals of the text alone'
    : 'languageModel() of spillway/ai-sdk asks servers with an OpenAI-compatible API for them (docs/ai-sdk.md has a table of providers)'

/** Why no stage has an answer, where a signal is missing that must not be: with the model, and what can be done. */
export function missingSignal({ error, report }: NoAnswer, places: readonly Placed[]): unknown {
  if (!(error instanceof SpillwayError) || error.code !== 'missing-signal') return error
  // Those before it have a verdict.
  const placed = places[report.verdicts.length]
  return new SpillwayError(
    'missing-signal',
    `${labelOf(placed)}: ${error.message}; its answer came without the log-probabilities that the signal is made of: ${remedyFor(placed)}`,
    { cause: error },
  )
}
