import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'

/** SHA-256 of a file's bytes, in hexadecimal; of standard input, which is gone, and of what is no single file: `null`. */
export async function hashFile(path: string): Promise<string | null> {
  if (path === '-' || !existsSync(path)) return null
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
