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

/** The address of a table in ClickHouse. */
export const clickhouse = z
  .string()
  .regex(/^clickhouses?:\/\//, 'expected clickhouse://HOST:8123/DATABASE.TABLE, with TLS clickhouses://')
  // What stands between a colon and the @, before any slash, is a password.
  .refine((text) => /^\w+:\/\/([^/@:]*(:\$\{\w+\})?@)?[^@]*$/.test(text), literalKey)
