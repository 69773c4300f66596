import { apiReference } from './api.ts'
import { commandsReference } from './commands.ts'
import { configReference } from './config.ts'

/** The generated pages, by their paths. */
export const references = {
  'docs/reference-commands.md': commandsReference,
  'docs/reference-config.md': configReference,
  'docs/reference-api.md': apiReference,
} satisfies Record<string, () => string | Promise<string>>
