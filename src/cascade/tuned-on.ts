import { signalsRead, type Policy } from '../core/policy/policy.ts'

/**
 * What is to be said of a policy that was tuned on the answers of another model than the one that is asked.
 * @param names what the model that is asked is called, the usual name first
 */
export const otherModels = (policy: Policy, names: readonly string[]): string[] =>
  [...new Set(signalsRead(policy).map((signal) => policy.signals?.[signal]?.model))]
    .filter((tuned) => tuned !== undefined && !names.includes(tuned))
    .map((tuned) => `${names[0]} is asked, and the policy was tuned on answers of ${tuned}: its threshold may not hold`)

/** The temperature that all of some policies were tuned at, where they say one. */
export function tunedTemperature(policies: readonly Policy[]): number | undefined {
  const said = new Set(
    policies.flatMap(({ signals = {} }) => Object.values(signals).flatMap((source) => source?.temperature ?? [])),
  )
  const [only] = said
  return said.size === 1 ? only : undefined
}

/** What is to be said of a request whose answer is sampled at another temperature than the policy was tuned at. */
export const otherTemperature = (temperature: number | undefined, tuned: number | undefined): string[] =>
  tuned === undefined || temperature === undefined || temperature === tuned
    ? []
    : [`temperature ${temperature}, and the policy was tuned at ${tuned}: its threshold may not hold`]
