import { createHash } from 'node:crypto'

/** What logs call a policy, or the several of a cascade: 16 hexadecimal digits of the SHA-256 of the file's text. */
export function policyHashOf(texts: readonly string[]): string {
  const hashes = texts.map(sha256)
  return (hashes.length === 1 ? hashes[0] : sha256(hashes.join('\n'))).slice(0, 16)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
