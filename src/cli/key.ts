import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { hashOfKey } from '../gateway/client-keys.ts'

const BYTES = 32

/** `spillway key`: a key for a client of the gateway, whose hash alone stands in the configuration. */
export const keyCommand = (): Command =>
  new Command('key')
    .summary('make a key for a client of the gateway')
    .description('Make a key for a client of the gateway; spillway.yaml keeps only its hash.')
    .argument('<name>', 'whose key it is, for logs and metrics')
    .option('--json', 'print JSON')
    .option('--quiet', 'print nothing on standard error but errors, which is so in any case')
    .action((name: string, { json }: { json?: boolean }) => {
      const key = `sk-spillway-${randomBytes(BYTES).toString('base64url')}`
      const entry = { name, sha256: hashOfKey(key) }
      process.stdout.write(json === true ? `${JSON.stringify({ key, ...entry })}\n` : told(key, entry))
    })

const told = (key: string, entry: { name: string; sha256: string }): string =>
  `${key}\n\nGive this key to ${entry.name}; it is not shown again. In spillway.yaml:\n\n${stringify({ serve: { keys: [entry] } })}`
