import { fileURLToPath } from 'node:url'
import { llamaCppModel, type LlamaCppModel } from '../../src/models/llama-cpp.ts'

/** The folder of the shipped pair. */
export const tinyPair = fileURLToPath(new URL('../../examples/tiny-pair', import.meta.url))

/** One of the shipped models. */
export const openTiny = (name: 'small' | 'large', concurrency = 1): Promise<LlamaCppModel> =>
  llamaCppModel({ path: `${tinyPair}/${name}.gguf`, concurrency })
