import type { LanguageModelV3CallOptions } from '@ai-sdk/provider'
import { numberOf } from '../models/openai/wire.ts'

/** How many alternatives a call asks a model of Spillway's own for; `undefined`: no log-probabilities. */
export const wantedAlternatives = ({ providerOptions }: LanguageModelV3CallOptions): number | undefined =>
  numberOf(providerOptions?.spillway?.topLogprobs)
