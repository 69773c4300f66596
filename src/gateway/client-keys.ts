import { createHash, timingSafeEqual } from 'node:crypto'

/** A client's key as a configuration holds it: its SHA-256, in hexadecimal. */
export interface ClientKey {
  /** Who holds it, for logs. */
  name: string
  sha256: string
}

/** What a configuration holds of a key: its SHA-256, in hexadecimal. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Whose key a request bears. `undefined`: nobody's. */
export const clientOf = (authorization: string | undefined, keys: readonly ClientKey[]): string | undefined =>
  holderOf(/^bearer\s+(.+)$/i.exec(authorization ?? '')?.[1], keys)

/** The same where a browser may ask as well: it knows passwords, and the key is one, whatever name it goes with. */
export const browserOf = (authorization: string | undefined, keys: readonly ClientKey[]): string | undefined =>
  clientOf(authorization, keys) ?? holderOf(passwordIn(authorization), keys)

function passwordIn(authorization: string | undefined): string | undefined {
  const basic = /^basic\s+([\w+/=-]+)$/i.exec(authorization ?? '')?.[1]
  return basic === undefined ? undefined : /:(.+)$/.exec(Buffer.from(basic, 'base64').toString())?.[1]
}

/** All keys are compared, in constant time, whichever fits, and also where there is none to compare. */
function holderOf(key: string | undefined, keys: readonly ClientKey[]): string | undefined {
  const given = Buffer.from(hashOfKey(key ?? ''), 'hex')
  let found: string | undefined
  for (const { name, sha256 } of keys) {
    const known = Buffer.from(sha256, 'hex')
    if (known.length === given.length && timingSafeEqual(known, given)) found = name
  }
  return key === undefined ? undefined : found
}
