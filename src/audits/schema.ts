import { z } from 'zod'
import { SpillwayError } from '../core/errors.ts'
import type { AuditRecord, Mark } from './record.ts'

const quality = z.number().min(0).max(1)
const cost = z.number().nonnegative().nullable()
const signal = z
  .union([z.number(), z.looseObject({ lower: z.number().optional(), upper: z.number().optional() })])
  .nullable()
const side = {
  model: z.string(),
  answer: z.string().optional(),
  quality: quality.optional(),
  cost,
}

const auditSchema = z.looseObject({
  id: z.string(),
  time: z.string().refine((time) => !Number.isNaN(Date.parse(time)), 'expected a time, as ISO 8601'),
  cascade: z.string(),
  policy: z.string().nullable(),
  outcome: z.enum(['kept', 'escalated', 'small-failed', 'large-failed', 'failed', 'aborted']),
  probability: z.number().min(1e-9).max(1),
  served_cost: cost,
  always_large_cost: cost,
  audit_cost: cost,
  question: z.string().optional(),
  gold: z.union([z.string(), z.array(z.string())]).optional(),
  scorer: z.string().optional(),
  small: z
    .looseObject({ ...side, signals: z.record(z.string(), signal), censored: z.literal(true).optional() })
    .optional(),
  large: z.looseObject(side).optional(),
  error: z.string().optional(),
  unseen: z.int().positive().optional(),
}) satisfies z.ZodType<AuditRecord>

const markSchema = z.looseObject({
  id: z.string(),
  answer: z.enum(['small', 'large']),
  quality,
  scorer: z.string(),
  time: z.string(),
}) satisfies z.ZodType<Mark>

/** @throws SpillwayError `bad-input` where the value is no line of an audit log */
export const auditOf = (value: unknown, place: string): AuditRecord =>
  checked(auditSchema, value, place, 'this is no line of an audit log; name the log that `spillway serve` writes')

/** @throws SpillwayError `bad-input` where the value is no mark */
export const markOf = (value: unknown, place: string): Mark =>
  checked(markSchema, value, place, 'this is no mark; take the line out, or choose another file with --out')

function checked<T>(schema: z.ZodType<T>, value: unknown, place: string, remedy: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [{ path, message }] = result.error.issues
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  throw new SpillwayError('bad-input', `${place}: ${where}${message.replace(/^Invalid input: /, '')}; ${remedy}`)
}
