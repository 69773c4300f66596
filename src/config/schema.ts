import { z } from 'zod'
import { headers, key } from './secret-schema.ts'
import { serveKeysAt, serveSchema } from './serve-schema.ts'

const amount = z.number().nonnegative()
const count = z.int().positive()
/** Further ones would only wait, here as at the server. */
export const MOST_AT_ONCE = 10_000
/** Timers go no further. */
const MOST_SECONDS = 2_000_000

const price = z.union([
  z.strictObject({
    input: amount.describe('USD per million tokens of the prompt.'),
    cached: amount.optional().describe('Of those that the server had in its cache; as input.'),
    output: amount.describe('USD per million tokens of the answer.'),
  }),
  z.strictObject({ call: amount.describe('The cost of a call, in any one unit.') }),
])

const model = z.strictObject({
  model: z.string().optional().describe('A short name such as openai:gpt-4.1, or, with url, the name at that server.'),
  gguf: z.string().optional().describe("A local model's file."),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The base URL of an OpenAI-compatible server, such as http://localhost:11434/v1.'),
  id: z.string().optional().describe('What outcomes and messages call the model.'),
  key: key.optional().describe('${NAME}: the environment variable that holds the key.'),
  key_file: z
    .string()
    .min(1)
    .optional()
    .describe('A file that holds the key and nothing else, such as a mounted secret.'),
  headers: headers.optional().describe('Further headers of requests; ${NAME} stands for an environment variable.'),
  query: z
    .record(z.string(), z.string())
    .optional()
    .describe("Further parameters of the URL, such as Azure's api-version."),
  api: z.enum(['chat', 'completions']).optional().describe("Which of the server's APIs is asked."),
  price: price.optional().describe('USD per million tokens, or the cost of a call. Unknown prices make costs unknown.'),
  system: z.string().optional().describe('The system message that collect sends.'),
  max_tokens: count.optional().describe('The most tokens of an answer, for collect.'),
  temperature: z.number().min(0).max(2).optional().describe('For collect; 0.'),
  stop: z.array(z.string()).optional().describe('Texts that end an answer, for collect.'),
  body: z.record(z.string(), z.unknown()).optional().describe('Further fields of requests that do not have them.'),
  timeout_s: z.number().positive().max(MOST_SECONDS).optional().describe('For a whole answer; 120.'),
  connect_timeout_s: z.number().positive().max(MOST_SECONDS).optional().describe('For a connection.'),
  first_byte_timeout_s: z
    .number()
    .positive()
    .max(MOST_SECONDS)
    .optional()
    .describe('From the request to the first byte of its answer.'),
  idle_timeout_s: z.number().positive().max(MOST_SECONDS).optional().describe('Between two pieces of an answer.'),
  retries: z.int().nonnegative().optional().describe('Further attempts where asking again can help.'),
  concurrency: count.max(MOST_AT_ONCE).optional().describe('Calls under way at a time.'),
  entropy: z
    .enum(['exact', 'top'])
    .optional()
    .describe('Of a local model: over the whole vocabulary, or the top alternatives.'),
  context: count.optional().describe('Of a local model: tokens of its context.'),
  threads: count.optional().describe('Of a local model: threads.'),
  gpu: z.boolean().optional().describe('Of a local model: whether it may use the GPU.'),
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
  questions: z.string().optional().describe('Questions with right answers: JSONL, a JSON array or CSV, also gzipped.'),
  out: z.string().optional().describe('Outcomes; beside them, as .calls.jsonl, every finished call.'),
  map: z
    .record(z.string(), z.string())
    .optional()
    .describe('Fields by the columns they are taken from, such as gold: label.'),
  prompt: z.string().optional().describe('plain, qa, nli or choice, a file, or a text with {{question}}; qa.'),
  scorer: z.string().optional().describe('What tells how good an answer is, such as exact or ./my-scorer.js; f1.'),
  verify: verifySchema
    .optional()
    .describe('Let the small model judge its answer: a number of samples, p_true, or both as [4, p_true].'),
  verify_prompt: z.string().optional().describe('A file or a text with {{question}} and {{answer}}.'),
  p_true_prompt: z.string().optional().describe('The same for p_true.'),
  signals: z.array(z.string()).optional().describe('Signals beside the usual ones, such as mean_logprob_at_8.'),
  top_logprobs: z.int().min(0).max(100).optional().describe('Alternatives a token asked of the small model; 5.'),
  keep_tokens: z.boolean().optional().describe('Store every token with its log-probabilities; false.'),
  seed: z.int().min(0).optional().describe('Of sampled verifications; 1.'),
  limit: count.optional().describe('The first so many questions.'),
  max_cost: amount.optional().describe('Ask nothing that could take the whole cost above this.'),
})

/** spillway.yaml. Keys are snake_case, as everywhere in files. */
export const configSchema = z.strictObject({
  small: z.union([z.string(), model]).optional().describe('The small model: a short name, or an entry.'),
  large: z.union([z.string(), model]).optional().describe('The large model, likewise.'),
  models: z
    .record(z.string().min(1), z.union([z.string(), model]))
    .optional()
    .describe('Further models, by the names that cascades call them.'),
  collect: collect.optional().describe('What `spillway collect` asks, and how.'),
  serve: serveSchema.optional().describe('What `spillway serve` offers.'),
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
