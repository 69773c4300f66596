/** Writes spillway.schema.json, by which editors check and complete spillway.yaml. */
import { fileURLToPath } from 'node:url'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { writeFileWhole } from '../src/data/write.ts'

await writeFileWhole(fileURLToPath(new URL('../spillway.schema.json', import.meta.url)), [configJsonSchema()])
