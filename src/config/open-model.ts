import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { llamaCppModel } from '../models/llama-cpp.ts'
import type { HttpModel } from '../models/exchange.ts'
import type { Model } from '../models/model.ts'
import { openAiModel } from '../models/openai.ts'
import { Secret } from '../models/secret.ts'
import { expand } from './expand.ts'
import { providers, readShortName } from './providers.ts'
import type { ModelEntry } from './schema.ts'

export interface OpenOptions {
  env: NodeJS.ProcessEnv
  /** The folder that relative paths of the entry start from. */
  folder: string
  /** What messages call the model: `small` or `large`. */
  role: string
  concurrency: number
  onNotice?: (text: string) => void
}

export interface OpenedModel {
  model: Model
  /** The same, where it is behind HTTP. */
  http?: HttpModel
  /** Its name at its server, or the file's. */
  name: string
  /** What its answers depend on besides the request. No key is part of it. */
  identity: string
  form: 'chat' | 'raw'
}

/**
 * Opens the model that an entry of the configuration, or a short name, means.
 * @throws SpillwayError `usage` where it is not clear which, or a key is absent; ModelError where a file cannot be loaded
 */
export async function openModel(entry: ModelEntry, options: OpenOptions): Promise<OpenedModel> {
  const { role } = options
  const short = entry.model === undefined || entry.url !== undefined ? undefined : readShortName(entry.model)
  const path = entry.gguf ?? (short !== undefined && 'path' in short ? short.path : undefined)
  if (path !== undefined) return openFile(path, entry, options)
  const named = short !== undefined && 'url' in short ? short : { url: entry.url, model: entry.model, key: undefined }
  const { url, model } = named
  if (url === undefined || model === undefined)
    throw new SpillwayError(
      'usage',
      `${role}: ${entry.model ?? 'the entry'} names no model; write a file (model.gguf), a server's model (${Object.keys(
        providers,
      )
        .map((name) => `${name}:NAME`)
        .join(', ')}) or NAME@http://host/v1`,
    )
  return openServer({ ...named, url, model }, entry, options)
}

async function openFile(path: string, entry: ModelEntry, { folder, concurrency }: OpenOptions): Promise<OpenedModel> {
  const file = isAbsolute(path) ? path : join(folder, path)
  const model = await llamaCppModel({
    path: file,
    id: entry.id,
    concurrency,
    entropy: entry.entropy,
    contextSize: entry.context,
    threads: entry.threads,
    gpu: entry.gpu,
  })
  return {
    model,
    name: model.id,
    identity: JSON.stringify([await fingerprint(file), entry.entropy, entry.context]),
    form: entry.api === 'chat' || (entry.api === undefined && model.chat) ? 'chat' : 'raw',
  }
}

async function openServer(
  { url, model, key: variable }: { url: string; model: string; key?: string },
  entry: ModelEntry,
  options: OpenOptions,
): Promise<OpenedModel> {
  const { env, role, concurrency, onNotice } = options
  const headers = Object.entries(entry.headers ?? {}).map(([name, value]): [string, string | Secret] => {
    const text = expand(value, env, `the header ${name} of the ${role} model`)
    // What stands in the file itself is no secret.
    return [name, text === value ? text : new Secret(text)]
  })
  const seconds = (value: number | undefined) => (value === undefined ? undefined : value * 1000)
  const http = openAiModel({
    id: entry.id ?? model,
    url,
    model,
    key: await keyOf(entry, variable, options),
    headers: Object.fromEntries(headers),
    query: entry.query,
    api: entry.api,
    body: entry.body,
    timeoutMs: seconds(entry.timeout_s),
    connectTimeoutMs: seconds(entry.connect_timeout_s),
    firstByteTimeoutMs: seconds(entry.first_byte_timeout_s),
    idleTimeoutMs: seconds(entry.idle_timeout_s),
    retries: entry.retries,
    concurrency,
    onNotice: onNotice === undefined ? undefined : (text) => onNotice(`${role}: ${text}`),
  })
  return {
    model: http,
    http,
    name: model,
    identity: JSON.stringify([url.replace(/\/+$/, ''), model, entry.query, entry.body]),
    form: entry.api === 'completions' ? 'raw' : 'chat',
  }
}

/** From the file or the variable that the entry names, else the variable that its provider's key is known by. */
async function keyOf(
  { key, key_file: file }: ModelEntry,
  variable: string | undefined,
  { env, folder, role }: OpenOptions,
): Promise<Secret | undefined> {
  const place = `the key of the ${role} model`
  if (file === undefined) {
    const text = key ?? (variable === undefined ? undefined : `\${${variable}}`)
    return text === undefined ? undefined : new Secret(expand(text, env, place))
  }
  if (key !== undefined) throw new SpillwayError('usage', `${place}: give key or key_file, not both`)
  const path = isAbsolute(file) ? file : join(folder, file)
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SpillwayError('usage', `${place}: ${path} cannot be read (${cause.code})`, { cause })
  })
  if (text.trim() === '') throw new SpillwayError('usage', `${place}: ${path} is empty`)
  return new Secret(text.trim())
}

const SAMPLE_BYTES = 1 << 17
const SAMPLES = 16

/** Tells model files apart without reading gigabytes: by size, beginning, end and what lies between here and there. */
async function fingerprint(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256').update(String(size))
    for (let sample = 0; sample < SAMPLES; sample++) {
      const position = Math.floor((Math.max(0, size - SAMPLE_BYTES) * sample) / (SAMPLES - 1))
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}
