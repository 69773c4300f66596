import { z } from 'zod'
import { SpillwayError } from '../errors.ts'
import { findSignal } from '../signals/signals.ts'
import type { Condition, Policy } from './policy.ts'

const conditionSchema = z.union([
  z.strictObject({ signal: z.string().min(1), atLeast: z.number() }),
  z.strictObject({ signal: z.string().min(1), atMost: z.number() }),
])

const version = z.literal(1)
const provenance = z.record(z.string(), z.unknown()).optional()

const policySchema = z.union([
  z.strictObject({ version, always: z.enum(['keep', 'escalate']), provenance }),
  z.strictObject({
    version,
    keepWhen: z.array(conditionSchema).min(1),
    onMissing: z.enum(['escalate', 'keep', 'error']).default('escalate'),
    provenance,
  }),
])

const expected =
  'expected {"version": 1, "keepWhen": [{"signal": "mean_logprob", "atLeast": -0.3}], "onMissing": "escalate"} or {"version": 1, "always": "keep"}'

/**
 * Reads a policy from the text of its file.
 * @throws SpillwayError `bad-input` naming `place` where the text is no policy, or one that cannot mean what it says
 */
export function parsePolicy(text: string, place: string): Policy {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new SpillwayError('bad-input', `${place}: not valid JSON (${(cause as Error).message.split(/[\n,]/)[0]})`, {
      cause,
    })
  }
  if (typeof json === 'object' && json !== null && 'version' in json && json.version !== 1)
    throw new SpillwayError(
      'bad-input',
      `${place}: policy version ${JSON.stringify(json.version)}; this Spillway reads version 1`,
    )
  const result = policySchema.safeParse(json)
  if (!result.success)
    throw new SpillwayError('bad-input', `${place}: not a policy; ${expected}`, { cause: result.error })
  const policy = result.data
  if ('keepWhen' in policy) {
    for (const condition of policy.keepWhen) checkDirection(condition, place)
    const sides = policy.keepWhen.map((c) => `${'atLeast' in c ? 'atLeast' : 'atMost'} on ${c.signal}`)
    const twice = sides.find((side, i) => sides.indexOf(side) !== i)
    if (twice !== undefined)
      throw new SpillwayError('bad-input', `${place}: two conditions ${twice}; leave the stricter one`)
  }
  return policy
}

/** A threshold on the wrong side would keep just the answers that the signal speaks against. */
function checkDirection(condition: Condition, place: string): void {
  const direction = findSignal(condition.signal)?.direction
  const written = 'atLeast' in condition ? 'higher' : 'lower'
  if (direction === undefined || direction === written) return
  const [wrong, right] = written === 'higher' ? ['atLeast', 'atMost'] : ['atMost', 'atLeast']
  throw new SpillwayError(
    'bad-input',
    `${place}: "${wrong}" on ${condition.signal}, of which ${direction} values are more certain; write "${right}"`,
  )
}
