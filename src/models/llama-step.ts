import type { ControlledEvaluateIndexOutput, LlamaContextSequence, Token } from 'node-llama-cpp'
import type { TokenStep } from '../core/signals/trace.ts'

/** What is wanted of one step besides the token. */
export interface StepOptions {
  temperature: number
  seed: number | undefined
  /** `undefined`: no log-probabilities; else that many alternatives. */
  alternatives: number | undefined
  /** `exact` reads the whole distribution, for its entropy; `top` reads just the alternatives, which is faster. */
  entropy: 'exact' | 'top'
}

export interface Step {
  token: Token
  facts: TokenStep
  /** The tokens of `facts.alternatives`. */
  alternatives: readonly Token[]
}

/** Evaluates tokens and chooses the next one. */
export async function nextStep(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: StepOptions,
): Promise<Step> {
  const { temperature, seed, alternatives, entropy } = options
  const whole = alternatives !== undefined && entropy === 'exact'
  const generateNext = {
    token: true,
    probabilities: whole,
    // At a temperature the engine cuts the distribution short unless each of its limits is lifted.
    options: temperature > 0 ? { temperature, seed, topK: 0, topP: 1, minP: 0 } : { temperature: 0 },
    ...(alternatives === undefined || whole
      ? {}
      : {
          totalLogitWeight: true,
          logits: { filter: { tokens: [], includeTop: Math.max(1, alternatives), includeSelected: true } },
        }),
  }
  const last = tokens.length - 1
  const outputs = await sequence.controlledEvaluate(
    tokens.map((token, place) => (place === last ? [token, { generateNext }] : token)),
  )
  const next = outputs[last]?.next
  if (next?.token === undefined || next.token === null) throw new Error('the engine chose no token')
  const token = next.token
  if (alternatives === undefined) return { token, facts: {}, alternatives: [] }
  return whole ? exactStep(next, token, alternatives, temperature) : topStep(next, token, alternatives, temperature)
}

type Next = ControlledEvaluateIndexOutput['next']

/** Log-probabilities and entropy of the whole distribution at temperature 1, whatever temperature chose the token. */
function exactStep({ probabilities = new Map() }: Next, token: Token, k: number, temperature: number): Step {
  const logs = [...probabilities].map(([each, p]): [Token, number] => [each, Math.log(p) * (temperature || 1)])
  let total = 0
  for (const [, log] of logs) total += Math.exp(log)
  const shift = Math.log(total)
  let entropy = 0
  let logprob: number | undefined
  for (const [each, log] of logs) {
    const l = log - shift
    if (each === token) logprob = l
    const p = Math.exp(l)
    if (p > 0) entropy -= p * l
  }
  const top = logs.slice(0, k)
  return {
    token,
    // Rounding may leave a certain token a hair above 0.
    facts: {
      logprob: logprob === undefined ? undefined : Math.min(0, logprob),
      entropy: Math.max(0, entropy),
      alternatives: top.map(([, log]) => Math.min(0, log - shift)),
    },
    alternatives: top.map(([each]) => each),
  }
}

/** The same without the entropy, from the k largest logits and the sum of all weights. */
function topStep({ logits = new Map(), totalLogitWeight }: Next, token: Token, k: number, temperature: number): Step {
  // A sum of weights at another temperature does not give log-probabilities at temperature 1.
  if (totalLogitWeight === undefined || temperature > 0) return { token, facts: {}, alternatives: [] }
  const sorted = [...logits].toSorted(([, a], [, b]) => b - a)
  const shift = sorted[0][1] + Math.log(totalLogitWeight)
  const logOf = (logit: number) => Math.min(0, logit - shift)
  const chosen = logits.get(token)
  const top = sorted.slice(0, k)
  return {
    token,
    facts: {
      logprob: chosen === undefined ? undefined : logOf(chosen),
      alternatives: top.map(([, logit]) => logOf(logit)),
    },
    alternatives: top.map(([each]) => each),
  }
}
