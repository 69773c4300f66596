import { basename } from 'node:path'
import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import { loadGguf, type Loaded, type LoadOptions } from './llama-load.ts'
import { tokenPrompt } from './llama-prompt.ts'
import { nextStep } from './llama-step.ts'
import { textReader } from './llama-text.ts'
import { ModelError } from './model-error.ts'
import type { FinishReason, Model, ModelEvent, ModelRequest } from './model.ts'
import { poolOf } from './pool.ts'
import { stopFilter } from './stop-filter.ts'

/** Which file, and how it is run. */
export interface LlamaCppOptions extends Partial<LoadOptions> {
  /** A GGUF file. */
  path: string
  /** What outcomes call it; otherwise the file's name. */
  id?: string
  /**
   * `exact` (default): entropies of whole distributions; `top`: bounds from the alternatives, which on large
   * vocabularies is four times as fast.
   */
  entropy?: 'exact' | 'top'
}

/** A model in a local file. */
export interface LlamaCppModel extends Model {
  /** Whether the file has a chat template; without one, prompts go in as they stand. */
  readonly chat: boolean
}

/**
 * A local GGUF file through node-llama-cpp, an optional package. Greedy unless a request gives a temperature; the same
 * file, request and machine give the same answer. The token that ends an answer is no part of its trace, as on servers.
 * @throws SpillwayError `usage` and ModelError as `loadGguf`
 */
export async function llamaCppModel(options: LlamaCppOptions): Promise<LlamaCppModel> {
  const { path, concurrency = 1, entropy = 'exact', cache = 'f32', gpu = false } = options
  const loaded = await loadGguf(path, { ...options, concurrency, cache, gpu })
  const sequences = poolOf(Array.from({ length: concurrency }, () => loaded.context.getSequence()))
  return {
    id: options.id ?? basename(path),
    chat: loaded.model.fileInfo.metadata.tokenizer.chat_template !== undefined,
    async *generate(request, { signal } = {}) {
      const sequence = await sequences.take(signal)
      try {
        yield* answer(loaded, sequence, request, { path, entropy, signal })
      } finally {
        sequences.give(sequence)
      }
    },
    async close() {
      await loaded.context.dispose()
      await loaded.model.dispose()
    },
  }
}

interface Run {
  path: string
  entropy: 'exact' | 'top'
  signal: AbortSignal | undefined
}

async function* answer(
  { library, model, context }: Loaded,
  sequence: LlamaContextSequence,
  request: ModelRequest,
  { path, entropy, signal }: Run,
): AsyncGenerator<ModelEvent> {
  const prompt = tokenPrompt(library, model, request.prompt)
  const room = context.contextSize - prompt.tokens.length
  if (room < 1) {
    const { contextSize } = context
    const remedy = contextSize < model.trainContextSize ? 'give the model a longer `context`, or ' : ''
    throw new ModelError(
      `${path}: the prompt has ${prompt.tokens.length} tokens, and the context holds ${contextSize}; ${remedy}shorten the prompt`,
      { place: path },
    )
  }
  await sequence.clearHistory()
  const step = {
    temperature: request.temperature ?? 0,
    alternatives: request.topLogprobs,
    entropy,
  }
  const most = Math.min(request.maxTokens ?? room, room)
  const read = textReader(model)
  const filter = stopFilter([...(request.stop ?? []), ...prompt.stopTexts])
  let reason: FinishReason = 'length'
  let input: readonly Token[] = prompt.tokens
  let generated = 0
  while (generated < most) {
    signal?.throwIfAborted()
    // A seed for each step: one for all would draw the same number at every token.
    const seed = request.seed === undefined ? undefined : (request.seed + generated) >>> 0
    const { token, facts, alternatives } = await nextStep(sequence, input, { ...step, seed })
    if (ends(model, token) || prompt.stopTokens.has(token)) {
      reason = 'stop'
      break
    }
    generated += 1
    input = [token]
    const { steps, stopped } = filter.push({
      ...facts,
      ...(request.topLogprobs === undefined
        ? {}
        : { alternativeTexts: alternatives.map((each) => model.detokenize([each], true)) }),
      text: read(token),
    })
    for (const one of steps) yield* events(one)
    if (stopped) {
      reason = 'stop'
      break
    }
  }
  signal?.throwIfAborted()
  for (const one of filter.flush()) yield* events(one)
  yield { type: 'usage', usage: { inputTokens: prompt.tokens.length, outputTokens: generated } }
  yield { type: 'finish', reason }
}

const ends = (model: LlamaModel, token: Token): boolean => model.isEogToken(token)

function* events(step: { text: string }): Generator<ModelEvent> {
  yield { type: 'token', token: step }
  if (step.text !== '') yield { type: 'text', text: step.text }
}
