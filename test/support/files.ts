import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'spillway-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The path of a file in a folder that goes with the test run. */
export const inFolder = (name: string): string => join(folder, name)

/** Writes a file there and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content)
  return inFolder(name)
}

/** Rows as JSON lines. */
export const jsonl = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
