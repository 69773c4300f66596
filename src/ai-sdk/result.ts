import type {
  LanguageModelV3Content,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  SharedV3Warning,
} from '@ai-sdk/provider'

/** The parts of an answer as one piece. The last of them is how it ends. */
export function resultOf(
  parts: readonly LanguageModelV3StreamPart[],
  warnings: SharedV3Warning[],
): LanguageModelV3GenerateResult {
  const content: LanguageModelV3Content[] = []
  const open = new Map<string, Extract<LanguageModelV3Content, { type: 'text' | 'reasoning' }>>()
  let response: LanguageModelV3GenerateResult['response']
  for (const part of parts) {
    if (part.type === 'text-start' || part.type === 'reasoning-start') {
      const item = { type: part.type === 'text-start' ? ('text' as const) : ('reasoning' as const), text: '' }
      open.set(part.id, item)
      content.push(item)
    } else if (part.type === 'text-delta' || part.type === 'reasoning-delta') open.get(part.id)!.text += part.delta
    else if (part.type === 'tool-call') content.push(part)
    else if (part.type === 'response-metadata') {
      const { type: _, ...head } = part
      response = head
    }
  }
  const end = parts.at(-1)
  if (end?.type !== 'finish') throw new Error('an answer without an end')
  const { finishReason, usage } = end
  return { content, finishReason, usage, warnings, ...(response === undefined ? {} : { response }) }
}
