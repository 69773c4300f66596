import type { LanguageModelV3Prompt } from '@ai-sdk/provider'

/** Letters of a prompt; files and images are not counted. */
export const lettersOf = (prompt: LanguageModelV3Prompt): number =>
  prompt.reduce((sum, { content }) => sum + (typeof content === 'string' ? content.length : partsIn(content)), 0)

const partsIn = (parts: readonly { type: string }[]): number =>
  parts.reduce((sum, part) => sum + (part.type === 'file' ? 0 : JSON.stringify(part).length), 0)
