import type { TokenStep } from '../core/signals/trace.ts'

/** What a sampled verification says: the first of the words it was asked to choose from; neither: `undefined`. */
export function verdictOf(text: string): 'correct' | 'incorrect' | undefined {
  const word = /\b(not correct|incorrect|correct)\b/i.exec(text)?.[1].toLowerCase()
  return word === undefined ? undefined : word === 'correct' ? 'correct' : 'incorrect'
}

/**
 * The share of k samples that say "correct" (AutoMix); one that says neither word does not say "correct". Where none
 * says either word, the model has not verified anything, and there is no signal.
 */
export function selfVerification(samples: readonly string[]): number | undefined {
  const verdicts = samples.map(verdictOf)
  if (verdicts.every((verdict) => verdict === undefined)) return undefined
  return verdicts.filter((verdict) => verdict === 'correct').length / verdicts.length
}

/**
 * p("True") / (p("True") + p("False")) of a first token, however the two are written (Kadavath et al. 2022); neither
 * among the alternatives: no signal.
 */
export function probabilityOfTrue(step: TokenStep | undefined): number | undefined {
  const { alternatives = [], alternativeTexts = [] } = step ?? {}
  let [yes, no] = [0, 0]
  for (const [place, log] of alternatives.entries()) {
    const word = (alternativeTexts[place] ?? '').trim().toLowerCase()
    if (word === 'true') yes += Math.exp(log)
    if (word === 'false') no += Math.exp(log)
  }
  return yes + no > 0 ? yes / (yes + no) : undefined
}
