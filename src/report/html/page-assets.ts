import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { PageAssets } from './report-html.ts'

/** What the bundler made of a page, from the folder of the built package. */
export async function pageAssets(name: 'report' | 'live' | 'label'): Promise<PageAssets> {
  const read = (file: string) => readFile(new URL(`../page/${file}`, import.meta.url), 'utf8')
  const [script, style] = await Promise.all([read(`${name}.js`), read(`${name}.css`)])
  const hash = (text: string) => createHash('sha256').update(text).digest('base64')
  return { script, style, scriptHash: hash(script), styleHash: hash(style) }
}
