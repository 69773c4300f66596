import type { LanguageModelV3CallOptions, SharedV3Warning } from '@ai-sdk/provider'
import type { HttpModel } from '../models/exchange.ts'
import { LIMIT, NEWER_LIMIT } from '../models/openai/request-body.ts'
import { chatMessages } from './chat-messages.ts'
import { wantedAlternatives } from './wanted.ts'

/**
 * A call as a request of OpenAI's chat API.
 * @throws SpillwayError `usage` where the prompt holds what that API cannot say
 */
export function chatRequest(model: HttpModel, options: LanguageModelV3CallOptions) {
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed, stopSequences } = options
  const warnings: SharedV3Warning[] = topK === undefined ? [] : [{ type: 'unsupported', feature: 'topK' }]
  const k = wantedAlternatives(options)
  const limit = model.body !== undefined && NEWER_LIMIT in model.body ? NEWER_LIMIT : LIMIT
  const fields = {
    ...model.body,
    model: model.model,
    messages: chatMessages(options.prompt, model.id),
    [limit]: maxOutputTokens,
    temperature,
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed,
    stop: stopSequences?.length === 0 ? undefined : stopSequences,
    response_format: formatOf(options) ?? model.body?.response_format,
    ...toolsOf(options, warnings),
    ...(k === undefined ? {} : { logprobs: true, top_logprobs: k === 0 ? undefined : k }),
  }
  // What is not said is the server's, or the model's own, to say.
  const said = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { body: { ...model.body, ...Object.fromEntries(said) }, warnings }
}

function formatOf({ responseFormat }: LanguageModelV3CallOptions): object | undefined {
  if (responseFormat?.type !== 'json') return undefined
  const { schema, name = 'response', description } = responseFormat
  if (schema === undefined) return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name, description, schema, strict: true } }
}

function toolsOf({ tools = [], toolChoice }: LanguageModelV3CallOptions, warnings: SharedV3Warning[]): object {
  const own = tools.flatMap((tool) => {
    if (tool.type === 'provider') {
      warnings.push({ type: 'unsupported', feature: `provider-defined tool ${tool.id}` })
      return []
    }
    const { name, description, inputSchema: parameters, strict } = tool
    return [{ type: 'function', function: { name, description, parameters, strict } }]
  })
  if (own.length === 0) return {}
  const choice =
    toolChoice?.type === 'tool' ? { type: 'function', function: { name: toolChoice.toolName } } : toolChoice?.type
  return { tools: own, tool_choice: choice }
}
