import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import { jsonLines } from './json-lines.ts'
import type { AuditRecord } from './record.ts'
import { auditOf } from './schema.ts'

/** What a reader of audit logs wants to know beside the records. */
export interface ReadAuditsOptions {
  /** Told of each file whose last line was cut off, and is left out. */
  onTorn?: (place: string) => void
}

/**
 * The audited requests of files (JSONL, also gzipped), and of folders with audits*.jsonl in them, one after another: the
 * oldest first, as the gateway names its files.
 * @throws SpillwayError `bad-input` naming file and line, where something else stands there
 */
export async function* readAudits(
  paths: readonly string[],
  { onTorn = () => {} }: ReadAuditsOptions = {},
): AsyncGenerator<AuditRecord> {
  for (const path of await auditFiles(paths))
    for await (const { value, place } of jsonLines(path, onTorn)) yield auditOf(value, place)
}

/** The files that paths mean. @throws SpillwayError `bad-input` where a folder has none */
export async function auditFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) files.push(...((await isFolder(path)) ? await filesIn(path) : [path]))
  return files
}

/** Whether a path is that of a folder; what is wrong with it otherwise is for the reader to say. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false

async function filesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(
    (name) => /^audits.*\.jsonl(?:\.gz)?$/.test(name) && !name.endsWith('.marks.jsonl'),
  )
  if (names.length === 0)
    throw new SpillwayError(
      'bad-input',
      `${folder}: there is no audits*.jsonl here; name the folder of the gateway's audit log, or the file`,
    )
  // audits.jsonl, which is being written, comes after audits-TIME.jsonl.
  return names.toSorted().map((name) => join(folder, name))
}
