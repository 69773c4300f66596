import type {
  LanguageModelV3FilePart,
  LanguageModelV3Message,
  LanguageModelV3Prompt,
  LanguageModelV3ToolResultOutput,
} from '@ai-sdk/provider'
import { SpillwayError } from '../core/errors.ts'

/**
 * A prompt as messages of OpenAI's chat API: texts, images, calls to tools and their results.
 * @param id what messages of errors call the model
 * @throws SpillwayError `usage` where it holds another kind of file
 */
export const chatMessages = (prompt: LanguageModelV3Prompt, id: string): object[] =>
  prompt.flatMap((message) => messagesOf(message, id))

function messagesOf(message: LanguageModelV3Message, id: string): object[] {
  const { role, content } = message
  if (role === 'system') return [{ role, content }]
  if (role === 'user') {
    if (content.every((part) => part.type === 'text'))
      return [{ role, content: content.map(({ text }) => text).join('') }]
    return [
      {
        role,
        content: content.map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : fileOf(part, id))),
      },
    ]
  }
  if (role === 'tool')
    return content.flatMap((part) =>
      part.type === 'tool-result' ? [{ role, tool_call_id: part.toolCallId, content: outputOf(part.output) }] : [],
    )
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const calls = content.flatMap((part) =>
    part.type === 'tool-call'
      ? [
          {
            id: part.toolCallId,
            type: 'function',
            function: { name: part.toolName, arguments: JSON.stringify(part.input) },
          },
        ]
      : [],
  )
  return [calls.length === 0 ? { role, content: text } : { role, content: text || null, tool_calls: calls }]
}

function fileOf({ data, mediaType }: LanguageModelV3FilePart, id: string): object {
  if (mediaType.startsWith('image/')) {
    const type = mediaType === 'image/*' ? 'image/jpeg' : mediaType
    const url = data instanceof URL ? data.href : `data:${type};base64,${base64(data)}`
    return { type: 'image_url', image_url: { url } }
  }
  if (mediaType.startsWith('text/') && !(data instanceof URL))
    return { type: 'text', text: Buffer.from(base64(data), 'base64').toString() }
  throw new SpillwayError('usage', `${id}: a prompt may hold texts and images, not ${mediaType}`)
}

const base64 = (data: string | Uint8Array): string =>
  typeof data === 'string' ? data : Buffer.from(data).toString('base64')

function outputOf(output: LanguageModelV3ToolResultOutput): string {
  if (output.type === 'text' || output.type === 'error-text') return output.value
  if (output.type === 'execution-denied') return output.reason ?? 'the call was denied'
  return JSON.stringify(output.value)
}
