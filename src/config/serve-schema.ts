import { z } from 'zod'

const amount = z.number().nonnegative()
const count = z.int().positive()
const seconds = z.number().positive().max(2_000_000)
/** An HTTP header's name. */
const header = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected the name of a header')

const behaviour = {
  mode: z.enum(['buffer', 'early']).optional(),
  /** What a client gets where the last stage fails. */
  when_large_fails: z.enum(['small', 'error']).optional(),
  speculate_after: count.optional(),
  several_answers: z.enum(['large', 'refuse']).optional(),
  /** How many alternatives of a token count, where the policy does not say it. */
  top_logprobs: z.int().min(0).max(100).optional(),
  /** Which tokens of an answer its signals are made of. */
  tokens: z.enum(['all', 'content', 'tool_arguments']).optional(),
}

const cascade = z.strictObject({
  /** Names of models, the cheapest first; without it, small and large. */
  stages: z.array(z.string()).min(2).optional(),
  /** A file, or one a stage but the last. */
  policy: z.union([z.string(), z.array(z.string()).min(1)]),
  ...behaviour,
})

const key = z.strictObject({
  name: z.string().min(1),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a key, 64 hexadecimal digits; `spillway key` makes one'),
})

const limits = z.strictObject({
  body_bytes: count.optional(),
  in_flight: count.optional(),
  queue: z.int().nonnegative().optional(),
  queue_s: seconds.optional(),
  deadline_s: seconds.optional(),
  keepalive_after_s: seconds.optional(),
  header_s: seconds.optional(),
  request_s: seconds.optional(),
})

const log = z.strictObject({
  folder: z.string().optional(),
  file_mb: amount.positive().optional(),
  files: count.optional(),
  /** Prompts and answers too. */
  texts: z.boolean().optional(),
})

const passThrough = z.strictObject({
  embeddings: z.array(z.string()).optional(),
  responses: z.array(z.string()).optional(),
})

/** The part of spillway.yaml that the gateway reads. */
export const serveSchema = z.strictObject({
  host: z.string().min(1).optional(),
  port: z.int().min(0).max(65_535).optional(),
  /** One cascade of small and large, in short. */
  policy: z.string().optional(),
  ...behaviour,
  cascades: z.record(z.string().min(1), cascade).optional(),
  keys: z.array(key).optional(),
  /** Models by name that may be asked for other things than text; these are passed on. */
  pass_through: passThrough.optional(),
  forward_headers: z.array(header).optional(),
  currency: z.string().optional(),
  limits: limits.optional(),
  /** `false`: no decision log. */
  log: z.union([log, z.literal(false)]).optional(),
})

export type ServeConfig = z.infer<typeof serveSchema>
export type CascadeConfig = z.infer<typeof cascade>

/** The keys there are at a place of this part. */
export function serveKeysAt([section, , inner]: readonly PropertyKey[]): string[] {
  if (section === 'limits') return Object.keys(limits.shape)
  if (section === 'log') return Object.keys(log.shape)
  if (section === 'pass_through') return Object.keys(passThrough.shape)
  if (section === 'keys') return Object.keys(key.shape)
  if (section === 'cascades' && inner === undefined) return Object.keys(cascade.shape)
  return Object.keys(serveSchema.shape)
}
