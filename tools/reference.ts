/** Writes the pages of docs/ that follow from the source: commands, configuration, API. */
import { fileURLToPath } from 'node:url'
import { writeFileWhole } from '../src/data/write.ts'
import { references } from './reference/references.ts'

for (const [path, text] of Object.entries(references))
  await writeFileWhole(fileURLToPath(new URL(`../${path}`, import.meta.url)), [await text()])
