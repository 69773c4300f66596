import type { Config } from '../config/schema.ts'
import type { OpenOffer } from './offer.ts'

/** A configuration as it is understood. Keys are in the environment, and headers may hold one. */
export function shownConfig(
  config: Config,
  { cascades, models }: OpenOffer,
  place: { host: string; port: number },
): object {
  return {
    listen: place,
    cascades: Object.fromEntries(
      cascades.map(({ name, stages, policyHash, mode, fallback, speculateAfter, severalAnswers }) => [
        name,
        {
          policy_hash: policyHash,
          mode,
          when_large_fails: fallback ? 'small' : 'error',
          ...(speculateAfter === undefined ? {} : { speculate_after: speculateAfter }),
          several_answers: severalAnswers,
          stages: stages.map(({ model, keep }) => ({
            model: model.name,
            ...(keep === undefined
              ? {}
              : { keep: keep.policy, top_logprobs: keep.alternatives, tokens: keep.tokens ?? 'all' }),
          })),
        },
      ]),
    ),
    models: Object.fromEntries(models.map(({ name, upstream, price }) => [name, { upstream, price: price ?? null }])),
    configuration: hidden(config),
  }
}

const HIDDEN = '[redacted]'

/** Such as `key`, `api_key` and `access-token`, but not `max_tokens`. */
const telling = /(?:key|token|secret|password)$|^sha256$/i

/** The same with nothing of the value of a header or key, nor of what an address has besides its place. */
function hidden(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => hidden(each))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        name === 'headers' || name === 'query' ? HIDDEN : hidden(each, key),
      ]),
    )
  if (telling.test(name)) return HIDDEN
  return typeof value === 'string' ? withoutSecrets(value) : value
}

const withoutSecrets = (text: string): string =>
  text.replaceAll(/(?<=https?:\/\/)[^/?#\s]*@/g, '').replaceAll(/(https?:\/\/[^?#\s]*)\?\S*/g, `$1?${HIDDEN}`)
