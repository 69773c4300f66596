import { SpillwayError } from '../core/errors.ts'
import { checked } from './checked.ts'
import { closest } from './closest.ts'
import { importScorer } from './import-scorer.ts'
import { parseSpec } from './parse-spec.ts'
import type { Score } from './score.ts'
import { scorers, type ScorerDefinition } from './scorers.ts'

/**
 * The scorer a user asks for: a name of the registry with options (`f1`, `number:tolerance=0.01`,
 * `label:neutral=not mentioned|unknown,yes=yep`), or the path of a module (`./my-scorer.ts`), whose default export, or
 * export named `score`, is a `Score` that may also return a boolean. What a module returns is checked each time.
 * @param folder where a relative path starts; by default the working directory
 * @throws SpillwayError `usage` where there is no such scorer or option, or the module cannot be used
 */
export async function loadScorer(spec: string, folder?: string): Promise<Score> {
  const known = find(spec.split(':')[0].trim())
  if (isOwnScorer(spec)) return checked(await importScorer(spec, folder), spec)
  const { name, options } = parseSpec(spec)
  if (known === undefined) throw unknownScorer(name)
  const allowed = Object.keys(known.options)
  const stranger = allowed.includes('LABEL')
    ? undefined
    : Object.keys(options).find((option) => !allowed.includes(option))
  if (stranger !== undefined) throw unknownOption(name, stranger, allowed)
  return known.make(options)
}

/** Whether a spec is the path of a user's module, which may take time and money, and not a scorer that comes along. */
export const isOwnScorer = (spec: string): boolean => find(spec.split(':')[0].trim()) === undefined && isPath(spec)

const find = (name: string): ScorerDefinition | undefined =>
  Object.entries<ScorerDefinition>(scorers).find(([each]) => each === name)?.[1]

const isPath = (spec: string): boolean => /^(?:\.{0,2}[\\/]|[a-z]:[\\/])|\.[cm]?[jt]s$/i.test(spec)

function unknownScorer(name: string): SpillwayError {
  const names = Object.keys(scorers)
  const guess = closest(name, names)
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`
  return new SpillwayError(
    'usage',
    `no scorer called ${JSON.stringify(name)}${hint} (there are ${names.join(', ')}, and paths such as ./my-scorer.js)`,
  )
}

function unknownOption(scorer: string, option: string, allowed: readonly string[]): SpillwayError {
  const guess = closest(option, allowed)
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`
  const all = allowed.length === 0 ? 'it takes none' : `it takes ${allowed.join(', ')}`
  return new SpillwayError('usage', `scorer ${scorer} has no option ${JSON.stringify(option)}${hint} (${all})`)
}
