/** What a generation tells about one of its tokens. What the model does not tell is absent, never 0. */
export interface TokenStep {
  /** The token's own text; bytes that are no whole character yet may be shown as U+FFFD. */
  text?: string
  /** Natural log-probability of the chosen token, <= 0. */
  logprob?: number
  /** Entropy of the whole next-token distribution, nats, where the model saw all of it. */
  entropy?: number
  /**
   * Log-probabilities of the k most likely tokens, most likely first. The chosen token counts among them only where it
   * is one of those k.
   */
  alternatives?: readonly number[]
  /** Their texts, in the same order. */
  alternativeTexts?: readonly string[]
}

/** What a generation tells about itself: its tokens, in order. */
export type TokenTrace = readonly TokenStep[]
