import { z } from 'zod'
import { SpillwayError } from '../errors.ts'
import { findSignal } from '../signals/signals.ts'
import type { Condition, GainPolicy, Interval, Policy } from './policy.ts'

const signal = z.string().min(1)
const onMissing = z.enum(['escalate', 'keep', 'error']).default('escalate')
const source = z.strictObject({
  direction: z.enum(['higher', 'lower']).optional(),
  unit: z.string().optional(),
  topK: z.number().int().positive().optional(),
  model: z.string().optional(),
  temperature: z.number().nonnegative().optional(),
})
const notes = {
  version: z.literal(1),
  signals: z.record(z.string(), source).optional(),
  provenance: z.record(z.string(), z.unknown()).optional(),
}
const conditions = z
  .array(z.union([z.strictObject({ signal, atLeast: z.number() }), z.strictObject({ signal, atMost: z.number() })]))
  .min(1)
const side = z.number().optional()
const intervals = z.array(z.strictObject({ atLeast: side, above: side, atMost: side, below: side })).min(1)
const points = z.array(z.tuple([z.number(), z.number()])).min(1)

const policySchema = z.union([
  z.strictObject({ ...notes, always: z.enum(['keep', 'escalate']) }),
  z.strictObject({ ...notes, keepWhen: conditions, onMissing }),
  z.strictObject({ ...notes, keepWithin: z.strictObject({ signal, intervals }), onMissing }),
  z.strictObject({
    ...notes,
    predictedGain: z.strictObject({
      constant: z.number(),
      terms: z.array(z.strictObject({ signal, points })).min(1),
    }),
    escalateAbove: z.number(),
    onMissing,
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
  const problem = problemOf(policy)
  if (problem !== undefined) throw new SpillwayError('bad-input', `${place}: ${problem}`)
  return policy
}

/** Why a policy of the right shape cannot mean what it says. */
function problemOf(policy: Policy): string | undefined {
  if ('keepWhen' in policy) {
    const sides = policy.keepWhen.map((c) => `${'atLeast' in c ? 'atLeast' : 'atMost'} on ${c.signal}`)
    const twice = sides.find((each, i) => sides.indexOf(each) !== i)
    if (twice !== undefined) return `two conditions ${twice}; leave the stricter one`
    return policy.keepWhen.map(wrongSide).find((each) => each !== undefined)
  }
  if ('keepWithin' in policy) return policy.keepWithin.intervals.map(badInterval).find((each) => each !== undefined)
  return 'predictedGain' in policy ? badTerms(policy.predictedGain) : undefined
}

/** A threshold on the wrong side would keep just the answers that the signal speaks against. */
function wrongSide(condition: Condition): string | undefined {
  const direction = findSignal(condition.signal)?.direction
  const written = 'atLeast' in condition ? 'higher' : 'lower'
  if (direction === undefined || direction === written) return undefined
  const [wrong, right] = written === 'higher' ? ['atLeast', 'atMost'] : ['atMost', 'atLeast']
  return `"${wrong}" on ${condition.signal}, of which ${direction} values are more certain; write "${right}"`
}

function badInterval(interval: Interval): string | undefined {
  const { atLeast, above, atMost, below } = interval
  const text = JSON.stringify(interval)
  if (atLeast !== undefined && above !== undefined) return `${text} has two lower ends; leave atLeast or above`
  if (atMost !== undefined && below !== undefined) return `${text} has two upper ends; leave atMost or below`
  const [from, to] = [atLeast ?? above, atMost ?? below]
  if (from === undefined && to === undefined) return `an interval without ends keeps everything; write "always": "keep"`
  const closed = atLeast !== undefined && atMost !== undefined
  if (from !== undefined && to !== undefined && (from > to || (from === to && !closed)))
    return `no value lies in ${text}`
  return undefined
}

function badTerms({ terms }: GainPolicy['predictedGain']): string | undefined {
  const names = terms.map((term) => term.signal)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) return `two terms of ${twice}`
  const unsorted = terms.find((term) => term.points.some(([x], i) => i > 0 && x <= term.points[i - 1][0]))
  return unsorted && `the points of ${unsorted.signal} must ascend`
}
