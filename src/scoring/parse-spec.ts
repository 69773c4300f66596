import { SpillwayError } from '../core/errors.ts'
import type { SpecOptions } from './options.ts'

/** A scorer as a user names it, taken apart: `number:tolerance=0.01,absolute=1`. */
export interface Spec {
  name: string
  options: SpecOptions
}

/** @throws SpillwayError `usage` where an option has no value or is given twice */
export function parseSpec(spec: string): Spec {
  const colon = spec.indexOf(':')
  if (colon < 0) return { name: spec.trim(), options: {} }
  const name = spec.slice(0, colon).trim()
  const entries = spec
    .slice(colon + 1)
    .split(',')
    .map((part): [string, string] => {
      const equals = part.indexOf('=')
      if (equals < 1 || part.slice(0, equals).trim() === '')
        throw new SpillwayError(
          'usage',
          `scorer ${JSON.stringify(spec)}: ${JSON.stringify(part)} is no option; write NAME:OPTION=VALUE,OPTION=VALUE`,
        )
      return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()]
    })
  const twice = entries.find(([option], i) => entries.findIndex(([other]) => other === option) < i)
  if (twice !== undefined)
    throw new SpillwayError('usage', `scorer ${JSON.stringify(spec)} has the option ${twice[0]} twice; leave one out`)
  return { name, options: Object.fromEntries(entries) }
}
