import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The text of the JSON Schema of spillway.yaml. */
export const configJsonSchema = (): string =>
  `${JSON.stringify({ title: 'spillway.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) }, null, 2)}\n`
