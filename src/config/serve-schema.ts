import { z } from 'zod'
import { clickhouse, headers } from './secret-schema.ts'

const amount = z.number().nonnegative()
const count = z.int().positive()
const seconds = z.number().positive().max(2_000_000)
/** An HTTP header's name. */
const header = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected the name of a header')

const audit = z.strictObject({
  probability: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('With which a request is audited, whatever becomes of it; 0.01. Where there is a budget, the most.'),
  per_day: amount.positive().optional().describe('What audits may cost in 24 hours, in the currency of the prices.'),
  scorer: z
    .string()
    .optional()
    .describe(
      'How good answers are: a scorer such as f1, which holds them against the header x-spillway-gold, the path of a module of your own, or agreement, which takes the large answer for right.',
    ),
  judge: z.string().optional().describe('The name of a model that grades both answers instead.'),
  prompt: z
    .string()
    .optional()
    .describe("The judge's prompt: a file, or a text with {{question}}, {{answer}} and perhaps {{gold}}."),
})

const behaviour = {
  audit: z
    .union([audit, z.literal(false)])
    .optional()
    .describe(
      'Audits a share of the requests: where their answer was kept, the large model is asked too, in the background; none.',
    ),
  mode: z
    .enum(['buffer', 'early'])
    .optional()
    .describe(
      'Whether a kept answer is streamed from its end on (buffer) or from its decision on (early, for a signal such as mean_logprob_at_8); buffer.',
    ),
  when_large_fails: z
    .enum(['small', 'error'])
    .optional()
    .describe('What a client gets where the last stage fails: the small answer, or the error; small.'),
  speculate_after: count
    .optional()
    .describe(
      'After so many tokens in a row with which the answer would be escalated, the large model is asked already.',
    ),
  several_answers: z
    .enum(['large', 'refuse'])
    .optional()
    .describe('What becomes of requests for several answers (n > 1): the large model alone, or an error; large.'),
  top_logprobs: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('How many alternatives of a token count for entropies and margins, where the policy does not say it.'),
  tokens: z
    .enum(['all', 'content', 'tool_arguments'])
    .optional()
    .describe('Which tokens of an answer its signals are made of; all.'),
}

const cascade = z.strictObject({
  stages: z.array(z.string()).min(2).optional().describe('Names of models, the cheapest first; small and large.'),
  policy: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('A policy file that `spillway tune` makes, or a list of one a stage but the last.'),
  ...behaviour,
})

const key = z.strictObject({
  name: z.string().min(1).describe('Whose key it is, for logs and metrics.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a key, 64 hexadecimal digits; `spillway key` makes one')
    .describe('The hash of the key, which itself stands nowhere.'),
})

const limits = z.strictObject({
  body_bytes: count.optional().describe('The longest request; 16 MiB.'),
  in_flight: count.optional().describe('Requests under way at a time; 1,024.'),
  queue: z.int().nonnegative().optional().describe('Requests that wait for a place; 1,024. More are refused with 429.'),
  queue_s: seconds.optional().describe('How long a request waits for a place before it is refused with 503; 30.'),
  deadline_s: seconds.optional().describe('For a whole request; 300.'),
  keepalive_after_s: seconds.optional().describe('After so long without an answer a stream begins, with comments; 10.'),
  header_s: seconds.optional().describe('For the head of a request to come; 10.'),
  request_s: seconds.optional().describe('For a request to come as a whole; 60.'),
})

const log = z.strictObject({
  folder: z.string().optional().describe('Where the files are; decisions.'),
  file_mb: amount.positive().optional().describe('A file that has grown so long makes room for a new one; 100.'),
  files: count.optional().describe('Older files go; 20.'),
  clickhouse: clickhouse
    .optional()
    .describe(
      'A table of ClickHouse that takes the lines, clickhouse://USER:${PASSWORD}@HOST:8123/DATABASE.TABLE; instead of files, or beside them where a folder is named.',
    ),
  texts: z.boolean().optional().describe('Whether questions and answers are logged too; false.'),
})

const tracing = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where a collector takes traces, such as http://localhost:4318/v1/traces.'),
  headers: headers.optional().describe('Headers for the collector; ${NAME} stands for an environment variable.'),
  service: z.string().min(1).optional().describe('What the gateway is called there; spillway.'),
  share: z.number().min(0).max(1).optional().describe('The share of requests that are told of; 1.'),
})

const passThrough = z.strictObject({
  embeddings: z.array(z.string()).optional().describe('Models that POST /v1/embeddings goes to.'),
  responses: z.array(z.string()).optional().describe('Models that POST /v1/responses goes to.'),
})

/** The part of spillway.yaml that the gateway reads. */
export const serveSchema = z.strictObject({
  host: z.string().min(1).optional().describe('The address to listen at; 127.0.0.1. Others want keys.'),
  port: z.int().min(0).max(65_535).optional().describe('The port; 8080.'),
  policy: z.string().optional().describe('The policy of the one cascade `cascade`, of small and large.'),
  ...behaviour,
  cascades: z.record(z.string().min(1), cascade).optional().describe('Cascades by the names that clients ask for.'),
  keys: z.array(key).optional().describe("The clients' keys, as `spillway key NAME` prints them."),
  pass_through: passThrough
    .optional()
    .describe('Models by name that may be asked for other things than text; nothing is decided on these.'),
  forward_headers: z.array(header).optional().describe('Headers of requests that go on to the models.'),
  currency: z.string().optional().describe('What the prices are in; USD.'),
  limits: limits.optional().describe('What a client can take up.'),
  log: z
    .union([log, z.literal(false)])
    .optional()
    .describe('The decision log: one JSON line a request; false: none.'),
  dashboard: z
    .boolean()
    .optional()
    .describe('Whether /dashboard, the live page, is there, to whoever has a key; true.'),
  tracing: tracing.optional().describe('OpenTelemetry spans of requests and of the calls they take; off without it.'),
})

export type ServeConfig = z.infer<typeof serveSchema>
export type AuditConfig = z.infer<typeof audit>
export type CascadeConfig = z.infer<typeof cascade>

/** The keys there are at a place of this part. */
export function serveKeysAt([section, , inner]: readonly PropertyKey[]): string[] {
  if (section === 'limits') return Object.keys(limits.shape)
  if (section === 'log') return Object.keys(log.shape)
  if (section === 'tracing') return Object.keys(tracing.shape)
  if (section === 'pass_through') return Object.keys(passThrough.shape)
  if (section === 'audit' || (section === 'cascades' && inner === 'audit')) return Object.keys(audit.shape)
  if (section === 'keys') return Object.keys(key.shape)
  if (section === 'cascades' && inner === undefined) return Object.keys(cascade.shape)
  return Object.keys(serveSchema.shape)
}
