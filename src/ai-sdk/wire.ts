import type { SharedV3ProviderMetadata } from '@ai-sdk/provider'
import { fieldsOf, listOf, textOf, type Fields } from '../models/openai/wire.ts'

/** The text of an answer, and what was written of its calls to tools. */
export interface Said {
  text: string
  tools: readonly string[]
}

/**
 * What a provider passed on as it came, as an answer, or a piece of one, of OpenAI's chat API; `undefined` where it has
 * nothing to do with the tokens of an answer.
 */
export function chatOf(raw: unknown): Fields | undefined {
  const fields = fieldsOf(raw)
  // An error comes as a part of its own as well, in the provider's own words.
  if (fields === undefined || fieldsOf(fields.error) !== undefined) return undefined
  if (listOf(fields.choices) !== undefined) return listOf(fields.choices)!.length > 0 ? fields : undefined
  if (fields.object === 'response' && listOf(fields.output) !== undefined) return responseOf(listOf(fields.output)!)
  return responseEvent(fields)
}

const choice = (fields: Fields): Fields => ({ choices: [{ index: 0, ...fields }] })
const calls = (texts: readonly unknown[]): Fields =>
  texts.length === 0 ? {} : { tool_calls: texts.map((text) => ({ function: { arguments: text } })) }

/** An event of OpenAI's Responses API. Its calls to tools have no log-probabilities. */
function responseEvent({ type, delta, logprobs }: Fields): Fields | undefined {
  if (textOf(delta) === undefined) return undefined
  if (type === 'response.output_text.delta')
    return choice({ delta: { content: delta }, logprobs: { content: logprobs ?? [] } })
  if (type === 'response.refusal.delta') return choice({ delta: { content: delta } })
  if (type === 'response.function_call_arguments.delta') return choice({ delta: calls([delta]) })
  return undefined
}

/** A whole answer of the Responses API. */
function responseOf(output: readonly unknown[]): Fields {
  const items = output.map((item) => fieldsOf(item) ?? {})
  const parts = items.flatMap(({ content }) => listOf(content) ?? []).map((part) => fieldsOf(part) ?? {})
  const spoken = parts.filter(({ type }) => type === 'output_text' || type === 'refusal')
  return choice({
    message: {
      content: spoken.map(({ text, refusal }) => textOf(text) ?? textOf(refusal) ?? '').join(''),
      ...calls(items.filter(({ type }) => type === 'function_call').map((item) => item.arguments)),
    },
    logprobs: { content: spoken.flatMap(({ logprobs }) => listOf(logprobs) ?? []) },
    finish_reason: 'stop',
  })
}

/**
 * The log-probabilities that a provider's package tells with the end of an answer, as that answer in OpenAI's chat API:
 * `logprobs` of @ai-sdk/openai is a list, of its Responses models a list of lists, of its completions columns; of
 * @ai-sdk/deepseek an object with a list.
 */
export function chatInMetadata(
  metadata: SharedV3ProviderMetadata | undefined,
  { text, tools }: Said,
): Fields | undefined {
  for (const fields of Object.values(metadata ?? {})) {
    const told = (fields as Fields | undefined)?.logprobs
    const columns = fieldsOf(told)
    if (listOf(columns?.token_logprobs) !== undefined) return choice({ text, logprobs: columns, finish_reason: 'stop' })
    const content = (listOf(told) ?? listOf(columns?.content))?.flat()
    if (content === undefined || content.length === 0) continue
    return choice({ message: { content: text, ...calls(tools) }, logprobs: { content }, finish_reason: 'stop' })
  }
  return undefined
}
