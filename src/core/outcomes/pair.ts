import type { ModelOutcomes, Outcomes } from './outcomes.ts'

type Sides = Pick<Outcomes, 'small' | 'large' | 'signals' | 'names' | 'texts'>

/** What two-model code sees of two models: the columns of both, and the signals of the small one's answers. */
const sidesOf = (small: ModelOutcomes, large: ModelOutcomes, texts: Outcomes['texts']): Sides => ({
  small: { quality: small.quality, cost: small.cost },
  large: { quality: large.quality, cost: large.cost },
  signals: small.signals,
  names: { small: small.name, large: large.name },
  texts: texts && { ...texts, small: small.answers ?? texts.small, large: large.answers ?? texts.large },
})

/** All models in cascade order, and what two-model code sees of them: the first and the last one. */
export const viewOfAll = (models: ModelOutcomes[], texts: Outcomes['texts']): Sides & { models: ModelOutcomes[] } => ({
  ...sidesOf(models[0], models[models.length - 1], texts),
  models,
})

/**
 * The two-model view of any two of `outcomes.models`, by position; columns are shared, not copied.
 * @throws RangeError where one of the two does not exist, or both are the same
 */
export function pairOf(outcomes: Outcomes, small: number, large: number): Outcomes {
  const { models = [], ...rest } = outcomes
  const first: ModelOutcomes | undefined = models[small]
  const second: ModelOutcomes | undefined = models[large]
  if (first === undefined || second === undefined || small === large)
    throw new RangeError(`no pair ${small}, ${large}: there are ${models.length} models, counted from 0`)
  return { ...rest, ...sidesOf(first, second, outcomes.texts) }
}
