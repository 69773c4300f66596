import { fieldsOf, listOf, textOf, type Fields } from './wire.ts'
import type { TokenReader, WireToken } from './tokens.ts'

/** What one JSON value of an answer, whole or a piece of a stream, adds to the answer. */
export interface Part {
  text: string
  tokens: readonly WireToken[]
  /** Whether it holds hidden reasoning. */
  reasoning: boolean
  /** Pieces of calls to tools, as written; empty where there is none. */
  tools: readonly string[]
  /** The server's word for why the answer ends. */
  finish?: string
}

/** The choice with index 0, of an answer or of a piece of one. */
export function partOf(choice: Fields, read: TokenReader): Part {
  const message = fieldsOf(choice.message) ?? fieldsOf(choice.delta)
  return message === undefined ? completionPart(choice, read) : chatPart(message, choice, read)
}

function chatPart(message: Fields, choice: Fields, read: TokenReader): Part {
  return {
    text: contentText(message.content) + (textOf(message.refusal) ?? ''),
    tokens: chatTokens(fieldsOf(choice.logprobs), read),
    reasoning: isText(message.reasoning) || isText(message.reasoning_content),
    tools: toolsIn(message),
    finish: textOf(choice.finish_reason),
  }
}

/** Of the content, and, in OpenAI's answers, of the refusal that stands in its place. */
function chatTokens(logprobs: Fields | undefined, read: TokenReader): readonly WireToken[] {
  if (logprobs === undefined) return []
  const content = read.entries(listOf(logprobs.content) ?? [])
  const refusal = listOf(logprobs.refusal)
  return refusal === undefined ? content : [...content, ...read.entries(refusal)]
}

function completionPart(choice: Fields, read: TokenReader): Part {
  const logprobs = fieldsOf(choice.logprobs)
  const entries = listOf(logprobs?.content)
  return {
    text: textOf(choice.text) ?? '',
    tokens: entries !== undefined ? read.entries(entries) : logprobs !== undefined ? read.columns(logprobs) : [],
    reasoning: false,
    tools: [],
    finish: textOf(choice.finish_reason),
  }
}

/** Of each call, what is told of its function's name and arguments. */
function toolsIn(message: Fields): string[] {
  const calls = (listOf(message.tool_calls) ?? []).map((call) => fieldsOf(fieldsOf(call)?.function) ?? {})
  const call = fieldsOf(message.function_call)
  return [...calls, ...(call === undefined ? [] : [call])].map(
    ({ name, arguments: given }) => (textOf(name) ?? '') + (textOf(given) ?? ''),
  )
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** A text, or a list of parts of which some are text. */
const contentText = (content: unknown): string =>
  textOf(content) ??
  (listOf(content) ?? [])
    .map((part) => fieldsOf(part))
    .map((part) => (part?.type === 'text' ? (textOf(part.text) ?? '') : ''))
    .join('')

/**
 * llama.cpp's own API at `/completion`. Its older `probs`, of what the samplers left over, are not the model's
 * probabilities and are not read.
 */
export function nativePart(answer: Fields, read: TokenReader): Part {
  const { content, completion_probabilities: probabilities, stop, stop_type: type } = answer
  return {
    text: textOf(content) ?? '',
    tokens: ownTokens(probabilities, read),
    reasoning: false,
    tools: [],
    finish: stop === true ? (type === 'limit' || answer.stopped_limit === true ? 'length' : 'stop') : undefined,
  }
}

/** Tokens as llama.cpp's own API lists them, which its other APIs once did besides. */
export const ownTokens = (probabilities: unknown, read: TokenReader): WireToken[] =>
  read.entries((listOf(probabilities) ?? []).filter((each) => fieldsOf(each)?.probs === undefined))
