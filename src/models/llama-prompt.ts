import type { ChatHistoryItem, LlamaModel, Token } from 'node-llama-cpp'
import type { LlamaCpp } from './llama-load.ts'
import type { Message } from './model.ts'

/** A prompt as tokens, and what ends its answer besides the model's own end tokens. */
export interface TokenPrompt {
  tokens: Token[]
  stopTokens: ReadonlySet<Token>
  stopTexts: readonly string[]
}

/** A text goes in as it stands, its special tokens included; a conversation through the file's chat template. */
export function tokenPrompt(library: LlamaCpp, model: LlamaModel, prompt: string | readonly Message[]): TokenPrompt {
  if (typeof prompt === 'string') {
    const { bos, shouldPrependBosToken } = model.tokens
    const start = shouldPrependBosToken && bos !== null ? [bos] : []
    return { tokens: [...start, ...model.tokenize(prompt, true)], stopTokens: new Set(), stopTexts: [] }
  }
  const wrapper = library.resolveChatWrapper(model)
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({
    chatHistory: [...prompt.map(historyItem), { type: 'model', response: [] }],
  })
  const stopTokens = new Set<Token>()
  const stopTexts: string[] = []
  for (const trigger of stopGenerationTriggers) {
    const tokens = trigger.tokenize(model.tokenizer)
    if (tokens.length === 1) stopTokens.add(tokens[0])
    else if (trigger.toString() !== '') stopTexts.push(trigger.toString())
  }
  return { tokens: contextText.tokenize(model.tokenizer), stopTokens, stopTexts }
}

function historyItem({ role, content }: Message): ChatHistoryItem {
  if (role === 'assistant') return { type: 'model', response: [content] }
  return { type: role, text: content }
}
