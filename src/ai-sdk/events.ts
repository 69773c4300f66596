import type {
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import type { ModelEvent } from '../models/model.ts'
import type { Said } from './wire.ts'

/** Reads what an answer says, part by part. */
export interface Listener extends Said {
  text: string
  tools: string[]
  take(part: LanguageModelV3StreamPart): ModelEvent[]
}

export function listener(): Listener {
  /** Calls whose arguments have come in pieces. */
  const told = new Set<string>()
  const self: Listener = {
    text: '',
    tools: [],
    take(part) {
      const events = eventsIn(part, told)
      for (const event of events) {
        if (event.type === 'text') self.text += event.text
        else if (event.type === 'tool') self.tools.push(event.text)
      }
      return events
    },
  }
  return self
}

function eventsIn(part: LanguageModelV3StreamPart, told: Set<string>): ModelEvent[] {
  const { type } = part
  if (type === 'text-delta') return part.delta === '' ? [] : [{ type: 'text', text: part.delta }]
  if (type === 'reasoning-delta') return [{ type: 'reasoning' }]
  if (type === 'tool-input-delta') return part.delta === '' ? [] : [{ type: 'tool', text: part.delta }]
  if (type === 'tool-call') return told.has(part.toolCallId) ? [] : [{ type: 'tool', text: part.toolName + part.input }]
  if (type !== 'tool-input-start') return []
  told.add(part.id)
  return [{ type: 'tool', text: part.toolName }]
}

/** The same of a whole answer. */
export function eventsOf(content: readonly LanguageModelV3Content[]): ModelEvent[] {
  return content.flatMap((part): ModelEvent[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    if (part.type === 'reasoning') return [{ type: 'reasoning' }]
    return part.type === 'tool-call' ? [{ type: 'tool', text: part.toolName + part.input }] : []
  })
}

/** How an answer ends, with its count of tokens where the provider counts both ways. */
export function endEvents({ inputTokens, outputTokens }: LanguageModelV3Usage, reason: LanguageModelV3FinishReason) {
  const { total: input, cacheRead } = inputTokens
  const { total: output } = outputTokens
  const events: ModelEvent[] = []
  if (input !== undefined && output !== undefined) {
    const cached = cacheRead === undefined ? {} : { cachedInputTokens: cacheRead }
    events.push({ type: 'usage', usage: { inputTokens: input, ...cached, outputTokens: output } })
  }
  const { unified } = reason
  events.push({ type: 'finish', reason: unified === 'stop' || unified === 'length' ? unified : 'other' })
  return events
}
