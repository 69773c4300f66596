import { SpillwayError } from '../core/errors.ts'

/**
 * Replaces `${NAME}` by the environment's value.
 * @throws SpillwayError `usage` where there is no such variable; the message never shows a value
 */
export const expand = (text: string, env: NodeJS.ProcessEnv, place: string): string =>
  text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name]
    if (value === undefined || value === '')
      throw new SpillwayError('usage', `${place}: the environment variable ${name} is not set`)
    return value
  })
