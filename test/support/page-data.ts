import { readFileSync } from 'node:fs'
import type { PageData } from '../../src/report/html/page-data.ts'

/** What a written page holds as JSON. */
export function pageDataOf(file: string): PageData {
  const [, text] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(readFileSync(file, 'utf8'))!
  return JSON.parse(text) as PageData
}
