import { createHash, timingSafeEqual } from 'node:crypto'

/** A client's key as a configuration holds it: its SHA-256, in hexadecimal. */
export interface ClientKey {
  /** Who holds it, for logs. */
  name: string
  sha256: string
}

export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Whose key a request bears; all keys are compared, in constant time, whichever fits. `undefined`: nobody's. */
export function clientOf(authorization: string | undefined, keys: readonly ClientKey[]): string | undefined {
  const bearer = /^bearer\s+(.+)$/i.exec(authorization ?? '')?.[1]
  const given = Buffer.from(hashOfKey(bearer ?? ''), 'hex')
  let found: string | undefined
  for (const { name, sha256 } of keys) {
    const known = Buffer.from(sha256, 'hex')
    if (known.length === given.length && timingSafeEqual(known, given)) found = name
  }
  return bearer === undefined ? undefined : found
}
