import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { references } from '../../tools/reference/references.ts'
import { root } from '../support/documentation.ts'

/** Without what the formatter adds: room in tables. */
const words = (text: string) => text.replaceAll(/-{3,}/g, '---').replaceAll(/\s+/g, ' ')

test.each(Object.entries(references))(
  '%s is what its sources say (npm run reference)',
  { timeout: 120_000 },
  async (path, made) => {
    expect(words(readFileSync(join(root, path), 'utf8'))).toBe(words(await made()))
  },
)
