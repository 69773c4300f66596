import { z } from 'zod'

/** A key stands in the environment; the file only names the variable. */
const literalKey = 'a key does not belong in a file: write ${NAME}, the environment variable that holds it'
export const key = z.string().regex(/^\$\{\w+\}$/, literalKey)

/** Names of headers that hold a key. */
const secret = /^(?:proxy-)?authorization$|key$|token$|secret$|^cookie$/i

export const headers = z.record(z.string(), z.string()).superRefine((values, context) => {
  for (const [name, value] of Object.entries(values))
    if (secret.test(name) && !/\$\{\w+\}/.test(value))
      context.addIssue({ code: 'custom', path: [name], message: literalKey })
})
