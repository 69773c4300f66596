import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { readShortName } from '../../src/config/providers.ts'
import type { Config, ModelEntry } from '../../src/config/schema.ts'

const folder = fileURLToPath(new URL('../../examples/configs', import.meta.url))

export const exampleConfigs = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
export const exampleConfigPath = (name: string): string => join(folder, name)
export const exampleConfigText = (name: string): string => readFileSync(exampleConfigPath(name), 'utf8')

/** The same file, with its models at other addresses, under the names that they have there. */
export function movedTo(text: string, urls: { small: string; large: string }): string {
  const config = parse(text) as Config
  for (const role of ['small', 'large'] as const) {
    const entry = config[role] as ModelEntry
    const short = entry.url === undefined ? readShortName(entry.model!) : undefined
    if (short !== undefined && 'model' in short) entry.model = short.model
    entry.url = urls[role]
  }
  return stringify(config)
}
