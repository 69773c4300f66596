import { readFile } from 'node:fs/promises'
import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { SpillwayError } from '../core/errors.ts'
import { configSchema, keysAt, type Config } from './schema.ts'

/**
 * Reads spillway.yaml (or JSON, which is YAML too).
 * @throws SpillwayError `usage`, naming file, line and key
 */
export async function loadConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SpillwayError('usage', `${path}: the configuration cannot be read (${cause.code})`, { cause })
  })
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const [broken] = document.errors
  if (broken !== undefined)
    throw new SpillwayError(
      'usage',
      `${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0].replace(/ at line.*$/, '')}`,
    )
  const result = configSchema.safeParse(plain(document, path) ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  const deepest = deepestIssue(issue)
  const place = `${path}:${lineOf(document, deepest.path, lineCounter)}`
  const name = deepest.path.join('.')
  const said = deepest.message.replace(/^Invalid input: /, '')
  throw new SpillwayError('usage', `${place}: ${name === '' ? '' : `${name}: `}${said}`)
}

/** Aliases without end are not followed. */
function plain(document: Document, path: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw new SpillwayError('usage', `${path}: ${(cause as Error).message}`, { cause })
  }
}

interface Issue {
  code?: string
  path: readonly PropertyKey[]
  message: string
  errors?: readonly (readonly Issue[])[]
  keys?: readonly string[]
}

/** Of a union, the variant with the fewest faults says what is wrong; of unknown keys, the first is named. */
function deepestIssue(issue: Issue, above: readonly PropertyKey[] = []): Issue {
  const path = [...above, ...issue.path]
  const variants = (issue.errors ?? [])
    .filter(([first]) => first !== undefined && first.path.length + (first.keys?.length ?? 0) > 0)
    .toSorted((a, b) => faults(a) - faults(b))
  // A key that is absent may be there under a wrong name.
  if (variants.length > 0) return deepestIssue(variants[0].find(({ keys }) => keys) ?? variants[0][0], path)
  const [stranger] = issue.keys ?? []
  if (stranger === undefined) return { ...issue, path }
  return { path: [...path, stranger], message: `there is no such key; there are ${keysAt(path).join(', ')}` }
}

const faults = (issues: readonly Issue[]): number =>
  issues.reduce((sum, { keys }) => sum + (keys === undefined ? 1 : keys.length), 0)

/** The line of the key that a path ends with, or of what lies around it. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const around = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    const name = String(path[depth - 1])
    const found: unknown = isMap(around)
      ? around.items.find(({ key }) => String(key) === name)?.key
      : document.getIn(path.slice(0, depth), true)
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line
  }
  return 1
}
