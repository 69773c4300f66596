import type { TokenStep } from '../core/signals/trace.ts'

/** One turn of a conversation. */
export interface Message {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** What a model is asked; what is absent is left to the model. */
export interface ModelRequest {
  /** A text to go on from as it stands, or a conversation. */
  prompt: string | readonly Message[]
  /** Most tokens to generate; without it, the model's own limit. */
  maxTokens?: number
  /** 0 is greedy; without it, the model's own default. */
  temperature?: number
  seed?: number
  /** Texts that end the answer and are no part of it. */
  stop?: readonly string[]
  /** Asks for the log-probability of every token, and of its k most likely alternatives (0: of none). */
  topLogprobs?: number
}

/** Tokens as the endpoint counts them. */
export interface Usage {
  inputTokens: number
  /** Of the input, those that were read from a cache at a lower price. */
  cachedInputTokens?: number
  /** Everything generated, tokens of hidden reasoning included. */
  outputTokens: number
}

/** `length`: the limit of tokens was reached; `other`: whatever else the endpoint says, such as a content filter. */
export type FinishReason = 'stop' | 'length' | 'other'

/** What a model says while it answers. The texts of all `text` events together are the answer. */
export type ModelEvent =
  | { type: 'text'; text: string }
  /** `tool`: of a call to a tool. */
  | { type: 'token'; token: TokenStep; tool?: true }
  /** A piece of a call to a tool: the tool's name, or what it is called with, as the model wrote it. */
  | { type: 'tool'; text: string }
  /** Hidden reasoning goes on. */
  | { type: 'reasoning' }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: FinishReason }

/** Whatever can answer: an HTTP endpoint, a local file, a scripted model in a test. */
export interface Model {
  /** What outcomes and messages call it. */
  readonly id: string
  /**
   * Answers one request; ends with one `finish` event.
   * @throws ModelError where the model fails; the signal's reason where it is aborted
   */
  generate(request: ModelRequest, options?: { signal?: AbortSignal }): AsyncIterable<ModelEvent>
  /** Lets go of connections or memory. */
  close(): Promise<void>
}
