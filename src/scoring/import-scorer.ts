import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SpillwayError } from '../core/errors.ts'
import type { Question } from './score.ts'

/** What a user's module exports, of which the result is not known yet. */
export type UserScore = (answer: string, references: readonly string[], question: Question) => unknown

/** How modules come in, so that a test can take one way away. */
export interface Importers {
  native: (url: string) => Promise<unknown>
  jiti: () => Promise<typeof import('jiti')>
}

const importers: Importers = {
  native: (url) => import(/* @vite-ignore */ url),
  jiti: () => import('jiti'),
}

/**
 * The scoring function of a user's module: its default export or its export named `score`. TypeScript is imported as it
 * is where the running Node can, else by the optional package jiti.
 * @throws SpillwayError `usage` where there is no file, it throws, it has no function, or jiti is needed and absent
 */
export async function importScorer(spec: string, folder = process.cwd(), from = importers): Promise<UserScore> {
  const path = resolve(folder, spec)
  if (!existsSync(path)) throw new SpillwayError('usage', `scorer ${spec}: there is no file ${path}`)
  const module = await importModule(spec, path, from)
  const found = [module, property(module, 'default')].flatMap((place) => [
    property(place, 'default'),
    property(place, 'score'),
  ])
  // jiti gives what CommonJS exports as it is.
  const score = [...found, module].find((value) => isFunction(value))
  if (score !== undefined) return score
  throw new SpillwayError(
    'usage',
    `scorer ${spec} exports no function; write export default (answer, references, question) => 0.5`,
  )
}

async function importModule(spec: string, path: string, { native, jiti }: Importers): Promise<unknown> {
  try {
    return await native(pathToFileURL(path).href)
  } catch (error) {
    if (!isUnreadableTypeScript(error)) throw broken(spec, error)
  }
  const { createJiti } = await jiti().catch((cause: unknown) => {
    const why = `Node ${process.version} cannot import this TypeScript`
    throw new SpillwayError('usage', `scorer ${spec}: ${why}; npm install jiti, or give a .js module`, { cause })
  })
  return createJiti(import.meta.url, { fsCache: false })
    .import(path)
    .catch((error: unknown) => {
      throw broken(spec, error)
    })
}

/** Node says so of .ts where it knows no types at all, and of syntax (`enum`) that it cannot just leave out. */
const isUnreadableTypeScript = (error: unknown): boolean =>
  /^ERR_(?:UNKNOWN_FILE_EXTENSION|UNSUPPORTED_TYPESCRIPT_SYNTAX|UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING)$/.test(
    String(property(error, 'code')),
  )

function broken(spec: string, cause: unknown): SpillwayError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SpillwayError('usage', `scorer ${spec} cannot be imported: ${why.split('\n')[0]}; mend the module`, {
    cause,
  })
}

const isFunction = (value: unknown): value is UserScore => typeof value === 'function'

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
