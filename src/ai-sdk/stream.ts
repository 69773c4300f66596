import type {
  LanguageModelV3CallOptions,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
} from '@ai-sdk/provider'
import { thrownBy } from './fault.ts'
import { withDetails } from './metadata.ts'
import { LEFT, running, type Running, type Settings } from './run.ts'
import { streamFrom } from './stream-from.ts'
import { streamWay, type StreamHead, type StreamedPart } from './stream-way.ts'

/** One answer as a stream, from its decision on; that of one model, with what was decided at its end. */
export async function stream(
  settings: Settings,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3StreamResult> {
  const { abortSignal: asked, includeRawChunks = false } = options
  // Whoever stops reading ends the calls, also between two parts.
  const left = new AbortController()
  const abortSignal = asked === undefined ? left.signal : AbortSignal.any([asked, left.signal])
  const run = await running(settings, { ...options, abortSignal }, streamWay, true)
  return { ...run.chosen.meta, stream: streamFrom(partsOf(run, includeRawChunks, abortSignal), () => left.abort(LEFT)) }
}

type Parts = AsyncGenerator<LanguageModelV3StreamPart>

async function* partsOf(run: Running<StreamedPart, StreamHead>, wantsRaw: boolean, abortSignal: AbortSignal): Parts {
  let error: unknown = LEFT
  let started = false
  try {
    for await (const { part } of run.chosen.parts) {
      if (part.type === 'raw' && !wantsRaw) continue
      run.begun()
      if (!started && part.type !== 'stream-start') yield { type: 'stream-start', warnings: run.warnings() }
      if (part.type === 'stream-start') yield { ...part, warnings: [...part.warnings, ...run.warnings()] }
      else if (part.type === 'finish') yield finished(part, run)
      else yield part
      started = true
    }
    error = undefined
  } catch (thrown) {
    error = thrown
    abortSignal.throwIfAborted()
    // What was told cannot be taken back; the end says that it is not the whole answer.
    yield { type: 'error', error: thrownBy(thrown) }
    yield finished({ type: 'finish', finishReason: { unified: 'error', raw: undefined } }, run)
  } finally {
    run.over(error)
  }
}

type Finish = Extract<LanguageModelV3StreamPart, { type: 'finish' }>

function finished(part: Omit<Finish, 'usage'>, run: Running<StreamedPart, StreamHead>): Finish {
  const { record, usage } = run.facts()
  return { ...part, usage, providerMetadata: withDetails(part.providerMetadata, record) }
}
