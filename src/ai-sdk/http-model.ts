import type {
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
} from '@ai-sdk/provider'
import type { Exchange, HttpModel } from '../models/exchange.ts'
import { sseReader } from '../models/openai/sse.ts'
import { parseJson } from '../models/openai/wire.ts'
import { chatParts } from './chat-parts.ts'
import { chatRequest } from './chat-request.ts'
import { resultOf } from './result.ts'
import { streamFrom } from './stream-from.ts'

/** @throws ModelError where the server does not answer; SpillwayError `usage`; the reason of an abort */
export async function askHttp(
  model: HttpModel,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3GenerateResult> {
  const { body, warnings } = chatRequest(model, options)
  const exchange = await begin(model, options, body)
  const pieces: Uint8Array[] = []
  for await (const { bytes, failure } of exchange.pieces) {
    if (failure !== undefined) throw failure
    pieces.push(bytes)
  }
  const json = parseJson(Buffer.concat(pieces).toString())
  const parts = chatParts()
  const { response, ...result } = resultOf([...parts.take(json), ...parts.end()], warnings)
  return { ...result, request: { body }, response: { ...response, headers: headersOf(exchange), body: json } }
}

/** @throws as `askHttp` */
export async function streamHttp(
  model: HttpModel,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3StreamResult> {
  const { body, warnings } = chatRequest(model, options)
  const streamed = { ...body, stream: true, stream_options: { include_usage: true } }
  const exchange = await begin(model, options, streamed)
  async function* parts(): AsyncGenerator<LanguageModelV3StreamPart> {
    yield { type: 'stream-start', warnings }
    yield* partsOf(exchange, options.includeRawChunks ?? false)
  }
  return { stream: streamFrom(parts()), request: { body: streamed }, response: { headers: headersOf(exchange) } }
}

/** @throws ModelError where the server refuses */
async function begin(
  model: HttpModel,
  { abortSignal, headers = {} }: LanguageModelV3CallOptions,
  body: object,
): Promise<Exchange> {
  const own = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined)
  const exchange = await model.exchange(JSON.stringify(body), {
    ...(abortSignal === undefined ? {} : { signal: abortSignal }),
    headers: Object.fromEntries(own),
    // What is in the answer is read here; alternatives, by who wants them.
    facts: { api: 'chat', k: 0 },
  })
  if (exchange.status < 300) return exchange
  for await (const { failure } of exchange.pieces) if (failure !== undefined) throw failure
  throw new Error(`HTTP ${exchange.status} without a failure`)
}

async function* partsOf({ pieces }: Exchange, wantsRaw: boolean): AsyncGenerator<LanguageModelV3StreamPart> {
  const parts = chatParts()
  let values: unknown[] = []
  const events = sseReader((data) => {
    if (data !== '' && data !== '[DONE]') values.push(parseJson(data))
  })
  for await (const { bytes, failure } of pieces) {
    if (failure !== undefined) {
      yield { type: 'error', error: failure }
      return
    }
    events.push(bytes)
    for (const value of values) {
      if (wantsRaw) yield { type: 'raw', rawValue: value }
      yield* parts.take(value)
    }
    values = []
  }
  yield* parts.end()
}

function headersOf({ headers }: Exchange): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  )
}
