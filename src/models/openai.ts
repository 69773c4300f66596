import { setTimeout as wait } from 'node:timers/promises'
import { Agent } from 'undici'
import { attempt, type Attempt, type Line, type Question } from './openai/attempt.ts'
import { endpointOf, sendable } from './openai/endpoint.ts'
import type { Exchange, ExchangeOptions, HttpModel } from './exchange.ts'
import { ModelError } from './model-error.ts'
import type { ModelEvent, ModelRequest } from './model.ts'
import type { OpenAiOptions } from './openai-options.ts'
import { poolOf } from './pool.ts'
import { quirksOf } from './openai/quirks.ts'
import { requestBody } from './openai/request-body.ts'
import { factsOf } from './openai/request-facts.ts'
import { retriesOf, type Retries } from './openai/retry.ts'
import { secretsOf } from './openai/secrets.ts'
import { abortSignalOf, type Stop } from './stop.ts'

/**
 * A model at a server with OpenAI's chat or completions API: OpenAI, Azure, OpenRouter, vLLM, Ollama, llama.cpp,
 * LM Studio and others.
 * @throws SpillwayError `usage` where the URL is none
 */
export function openAiModel(options: OpenAiOptions): HttpModel {
  const { id, stream = false, concurrency = 16, onNotice = () => {} } = options
  const endpoint = endpointOf(options)
  const connect = { timeout: options.connectTimeoutMs ?? 10_000 }
  const own = options.dispatcher === undefined ? new Agent({ connections: concurrency, connect }) : undefined
  const line: Line = {
    dispatcher: options.dispatcher ?? own!,
    endpoint,
    model: options.model,
    timeoutMs: options.timeoutMs ?? 120_000,
    firstByteMs: options.firstByteTimeoutMs ?? 0,
    idleMs: options.idleTimeoutMs ?? 0,
    maxAnswerBytes: options.maxAnswerBytes ?? 64 * 2 ** 20,
    now: options.now ?? Date.now,
  }
  const { random = Math.random, sleep = realSleep } = options
  const newRetries = (retries = options.retries ?? 4) => retriesOf({ retries, random, sleep })
  const quirks = quirksOf((text) => onNotice(`${id}: ${text}`))
  const slots = poolOf(Array.from({ length: concurrency }, (_, slot) => slot))

  /** Waits for a turn; what it gives is to be called when the turn is over, and may be called again. */
  async function turn(signal?: Stop): Promise<() => void> {
    let slot: number | undefined = await slots.take(signal)
    return () => {
      if (slot !== undefined) slots.give(slot)
      slot = undefined
    }
  }

  async function exchange(body: Uint8Array | string, asked: ExchangeOptions = {}): Promise<Exchange> {
    const { signal } = asked
    const added = sendable(asked.headers ?? {})
    const question: Question = {
      body,
      facts: asked.facts ?? factsOf(body),
      headers: { ...endpoint.headers(), ...added },
      secrets: [...endpoint.secrets(), ...secretsOf(added)],
      signal,
    }
    const done = await turn(signal)
    try {
      const tried = await ask(line, question, newRetries(asked.retries))
      if (tried.type === 'failure') throw tried.error
      if (tried.type === 'answer') {
        // The turn lasts until the answer has ended, read or not.
        void tried.ended.then(done)
        return { status: tried.status, headers: tried.headers, pieces: tried.pieces }
      }
      done()
      const { status, headers, bytes, error: failure } = tried
      return { status, headers, pieces: one({ bytes, events: [], failure }) }
    } catch (error) {
      done()
      throw error
    }
  }

  async function* generate(
    request: ModelRequest,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<ModelEvent> {
    const retries = newRetries()
    const done = await turn(signal)
    try {
      for (;;) {
        const body = quirks.apply(requestBody(request, options))
        const json = JSON.stringify(body)
        const facts = { ...factsOf(json), k: request.topLogprobs, texts: true }
        const tried = await ask(
          line,
          { body: json, facts, headers: endpoint.headers(), secrets: endpoint.secrets(), signal },
          retries,
        )
        if (tried.type === 'refusal' && quirks.learn(body, tried.status, tried.said)) continue
        if (tried.type !== 'answer') throw tried.error
        const events: ModelEvent[] = []
        let begun = false
        try {
          for await (const piece of tried.pieces) {
            if (piece.failure !== undefined) throw piece.failure
            if (!stream) for (const event of piece.events) events.push(event)
            else
              for (const event of piece.events) {
                signal?.throwIfAborted()
                if (!begun) void tried.ended.then(done)
                begun = true
                yield event
              }
          }
        } catch (error) {
          // What was told cannot be taken back, so that only an answer of which nothing was told can be asked for again.
          if (begun || !(error instanceof ModelError)) throw error
          if (await retries.next({ retry: error.retryable }, signal)) continue
          throw error
        }
        done()
        for (const event of events) {
          signal?.throwIfAborted()
          yield event
        }
        return
      }
    } finally {
      done()
    }
  }

  return { id, model: options.model, body: options.body, exchange, generate, close: async () => own?.destroy() }
}

/** Asks until there is an answer, or no use in asking again. */
async function ask(line: Line, question: Question, retries: Retries): Promise<Attempt> {
  for (;;) {
    const tried = await attempt(line, question)
    if (tried.type === 'answer' || !(await retries.next(tried.again, question.signal))) return tried
  }
}

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item
}

async function realSleep(ms: number, signal?: Stop): Promise<void> {
  try {
    await wait(ms, undefined, signal === undefined ? {} : { signal: abortSignalOf(signal) })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
