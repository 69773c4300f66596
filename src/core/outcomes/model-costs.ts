import { SpillwayError } from '../errors.ts'
import { checkCost, costByName } from './costs.ts'

type Given = Partial<Record<string, number>>

/**
 * Checks costs that the user gives against the models that the data name.
 * @throws SpillwayError `usage` for a model that the data do not name and for what can be no cost
 */
export function checkGivenCosts(given: Given, names: readonly string[]): void {
  for (const [name, cost] of Object.entries(given)) {
    checkCost(name, cost)
    if (names.includes(name) || name === 'small' || name === 'large') continue
    const there =
      names.length > 0 ? `there are ${names.join(', ')}, small, verify and large` : 'there are small, verify and large'
    throw new SpillwayError('usage', `--cost ${name}=${cost}: no model ${name}; ${there}`)
  }
}

/**
 * The cost that the user gives for a model at one end of the cascade: as `small` or `large`, or by its name.
 * @throws SpillwayError `usage` where both are given, or where another model is the one that is called so
 */
export function costAtEnd(
  given: Given,
  end: 'small' | 'large',
  name: string | undefined,
  names: readonly string[],
): number | undefined {
  const [byEnd, byName] = [costByName(given, end), costByName(given, name)]
  if (byEnd === undefined || name === undefined || name === end) return byEnd ?? byName
  if (names.includes(end))
    throw new SpillwayError(
      'usage',
      `--cost ${end}=${byEnd}: the model called ${end} is not the ${end === 'small' ? 'first' : 'last'} one, which is ${name}; put it there with --models`,
    )
  if (byName !== undefined)
    throw new SpillwayError(
      'usage',
      `--cost ${end}=${byEnd},${name}=${byName}: ${name} is the ${end} model; give its cost once`,
    )
  return byEnd
}
