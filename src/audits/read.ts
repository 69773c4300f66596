// TEMPORARY until label branch is merged
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { AuditRecord } from './record.ts'
export async function* readAudits(paths: readonly string[]): AsyncGenerator<AuditRecord> {
  for (const path of paths) {
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((n) => /^audits.*\.jsonl$/.test(n))
          .map((n) => join(path, n))
      : [path]
    for (const file of files)
      for await (const line of createInterface(createReadStream(file))) if (line) yield JSON.parse(line) as AuditRecord
  }
}
