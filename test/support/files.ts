import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder: string | undefined

/** Files that share what they import have one folder after the other: `clear-files.ts` calls it after each. */
export function clearFiles(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}

/** The path of a file in a folder that goes with the test run. */
export const inFolder = (name: string): string => join((folder ??= mkdtempSync(join(tmpdir(), 'spillway-test-'))), name)

/** Writes a file there and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content)
  return inFolder(name)
}

/** Rows as JSON lines. */
export const jsonl = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
