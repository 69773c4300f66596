import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  resolved?: string
  optionalDependencies?: Record<string, string>
}
const lockedBy = (path: string) =>
  (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { packages: Record<string, Locked> }).packages
const packages = lockedBy('../package-lock.json')

/** Where Node would find a package from a folder; `undefined` where the lock file has it nowhere. */
function found(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (path in packages) return path
    if (at === '') return undefined
  }
}

// npm leaves a package out that its registry does not have, and `npm ci` fails where the registry has it.
test('the lock file has the packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => found(name, at) === undefined),
  )
  expect(missing).toEqual([])
})

test.each(['../package-lock.json', '../tools/site/package-lock.json'])('%s names no host', (path) => {
  expect(Object.entries(lockedBy(path)).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})
