import { z } from 'zod'
import { serveKeysAt, serveSchema } from './serve-schema.ts'

const amount = z.number().nonnegative()
const count = z.int().positive()
/** Further ones would only wait, here as at the server. */
export const MOST_AT_ONCE = 10_000
/** Timers go no further. */
const MOST_SECONDS = 2_000_000

const price = z.union([
  z.strictObject({ input: amount, cached: amount.optional(), output: amount }),
  z.strictObject({ call: amount }),
])

/** A key stands in the environment; the file only names the variable. */
const literalKey = 'a key does not belong in a file: write ${NAME}, the environment variable that holds it'
const key = z.string().regex(/^\$\{\w+\}$/, literalKey)

/** Names of headers that hold a key. */
const secret = /^(?:proxy-)?authorization$|key$|token$|secret$|^cookie$/i

const headers = z.record(z.string(), z.string()).superRefine((values, context) => {
  for (const [name, value] of Object.entries(values))
    if (secret.test(name) && !/\$\{\w+\}/.test(value))
      context.addIssue({ code: 'custom', path: [name], message: literalKey })
})

const model = z.strictObject({
  /** A short name as on the command line, or, with `url`, the name at that server. */
  model: z.string().optional(),
  gguf: z.string().optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  id: z.string().optional(),
  key: key.optional(),
  /** A file that holds nothing else, as a mounted secret. */
  key_file: z.string().min(1).optional(),
  headers: headers.optional(),
  query: z.record(z.string(), z.string()).optional(),
  api: z.enum(['chat', 'completions']).optional(),
  price: price.optional(),
  system: z.string().optional(),
  max_tokens: count.optional(),
  temperature: z.number().min(0).max(2).optional(),
  stop: z.array(z.string()).optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  timeout_s: z.number().positive().max(MOST_SECONDS).optional(),
  connect_timeout_s: z.number().positive().max(MOST_SECONDS).optional(),
  first_byte_timeout_s: z.number().positive().max(MOST_SECONDS).optional(),
  idle_timeout_s: z.number().positive().max(MOST_SECONDS).optional(),
  retries: z.int().nonnegative().optional(),
  concurrency: count.max(MOST_AT_ONCE).optional(),
  entropy: z.enum(['exact', 'top']).optional(),
  context: count.optional(),
  threads: count.optional(),
  gpu: z.boolean().optional(),
})

const MOST_SAMPLES = 100
const verification = `expected a number of samples from 1 to ${MOST_SAMPLES}, p_true, or both as [4, p_true]`
const samples = count.max(MOST_SAMPLES, verification)

/** Samples to take, `p_true`, or both. */
export const verifySchema = z.union(
  [
    samples,
    z.literal('p_true'),
    z
      .array(z.union([samples, z.literal('p_true')], verification))
      .refine((list) => new Set(list.map((each) => typeof each)).size === list.length, verification),
  ],
  verification,
)

const collect = z.strictObject({
  questions: z.string().optional(),
  out: z.string().optional(),
  map: z.record(z.string(), z.string()).optional(),
  prompt: z.string().optional(),
  scorer: z.string().optional(),
  verify: verifySchema.optional(),
  verify_prompt: z.string().optional(),
  p_true_prompt: z.string().optional(),
  signals: z.array(z.string()).optional(),
  top_logprobs: z.int().min(0).max(100).optional(),
  keep_tokens: z.boolean().optional(),
  seed: z.int().min(0).optional(),
  limit: count.optional(),
  max_cost: amount.optional(),
})

/** spillway.yaml. Keys are snake_case, as everywhere in files. */
export const configSchema = z.strictObject({
  small: z.union([z.string(), model]).optional(),
  large: z.union([z.string(), model]).optional(),
  /** Further models, by the names that cascades call them. */
  models: z.record(z.string().min(1), z.union([z.string(), model])).optional(),
  collect: collect.optional(),
  serve: serveSchema.optional(),
})

/** The keys there are at a place of the file. */
export function keysAt([section, name, ...inner]: readonly PropertyKey[]): string[] {
  if (section === 'serve') return serveKeysAt(name === undefined ? [] : [name, ...inner])
  if (section === 'models') return keysAt(['small', ...inner])
  if (section === 'collect') return Object.keys(collect.shape)
  if (section === undefined) return Object.keys(configSchema.shape)
  return name === 'price' ? ['input', 'cached', 'output', 'or call alone'] : Object.keys(model.shape)
}

export type Config = z.infer<typeof configSchema>
export type ModelEntry = z.infer<typeof model>
