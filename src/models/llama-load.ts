import { open, stat } from 'node:fs/promises'
import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp'
import { SpillwayError } from '../core/errors.ts'
import { ModelError } from './model-error.ts'

export type LlamaCpp = typeof import('node-llama-cpp')

export interface Loaded {
  library: LlamaCpp
  model: LlamaModel
  context: LlamaContext
}

export interface LoadOptions {
  /** Tokens of prompt and answer together; without it, what the file says, but at most 8,192. */
  contextSize?: number
  /** Requests that are worked on at once, each with a context of its own. */
  concurrency: number
  /** `f32` follows a float32 reference to 1e-4; the engine's own `f16` takes half the memory. */
  cache: 'f16' | 'f32'
  /** Without it, one for a file under 64 MB, where more are slower, and else what the engine thinks best. */
  threads?: number
  gpu: boolean
}

const SMALL_FILE = 64e6
const MOST_CONTEXT = 8192

let engine: Promise<Llama> | undefined

/** One engine a process; it never compiles and never downloads. */
const startEngine = (library: LlamaCpp, gpu: boolean): Promise<Llama> =>
  (engine ??= library.getLlama({
    gpu: gpu ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    logLevel: library.LlamaLogLevel.error,
    progressLogs: false,
  }))

async function importLibrary(path: string): Promise<LlamaCpp> {
  try {
    return await import('node-llama-cpp')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new SpillwayError('usage', `${path}: reading a GGUF file needs a package: npm install node-llama-cpp@3`, {
      cause,
    })
  }
}

/** No model has more tensors or facts; the library would read a broken file's counts of them to the end. */
const MOST_ENTRIES = 1_000_000n

/** @throws SpillwayError `usage` where the file does not begin as a GGUF file does */
async function checkHeader(path: string): Promise<void> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(24), 0, 24, 0)
    const whole = bytesRead === 24 && buffer.toString('latin1', 0, 4) === 'GGUF'
    if (whole && buffer.readBigUInt64LE(8) < MOST_ENTRIES && buffer.readBigUInt64LE(16) < MOST_ENTRIES) return
    throw new SpillwayError('usage', `${path}: this is no GGUF file; a model in another format has to be converted`)
  } finally {
    await file.close()
  }
}

/**
 * Loads a GGUF file and makes room for its contexts.
 * @throws SpillwayError `usage` where the file or the package is absent; ModelError where the engine refuses the file
 */
export async function loadGguf(path: string, options: LoadOptions): Promise<Loaded> {
  const file = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SpillwayError('usage', `${path}: the model file cannot be read (${cause.code})`, { cause })
  })
  if (!file.isFile()) throw new SpillwayError('usage', `${path}: this is no model file; expected a GGUF file`)
  await checkHeader(path)
  const library = await importLibrary(path)
  try {
    const llama = await startEngine(library, options.gpu)
    const model = await llama.loadModel({ modelPath: path, ...(options.gpu ? {} : { gpuLayers: 0 }) })
    const cache = options.cache === 'f32' ? 'F32' : 'F16'
    const context = await model.createContext({
      contextSize: options.contextSize ?? Math.min(model.trainContextSize, MOST_CONTEXT),
      sequences: options.concurrency,
      threads: options.threads ?? (file.size < SMALL_FILE ? 1 : undefined),
      flashAttention: false,
      experimentalKvCacheKeyType: cache,
      experimentalKvCacheValueType: cache,
    })
    return { library, model, context }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ModelError(`${path}: the model cannot be loaded: ${reason}`, { place: path, cause })
  }
}
