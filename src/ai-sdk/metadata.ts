import type { JSONObject, SharedV3ProviderMetadata } from '@ai-sdk/provider'
import { detailsOf, type DecisionRecord } from '../cascade/record.ts'

/** A provider's metadata without the log-probabilities that only the cascade had asked for. */
export const withoutLogprobs = (metadata: SharedV3ProviderMetadata | undefined): SharedV3ProviderMetadata | undefined =>
  metadata &&
  Object.fromEntries(
    Object.entries(metadata).map(([name, { logprobs: _, ...rest }]): [string, JSONObject] => [name, rest]),
  )

/** The answering model's metadata, and what was decided. */
export const withDetails = (
  metadata: SharedV3ProviderMetadata | undefined,
  record: DecisionRecord,
): SharedV3ProviderMetadata => ({
  ...metadata,
  // As JSON has it: without what is not known.
  spillway: JSON.parse(JSON.stringify(detailsOf(record))) as JSONObject,
})
