import { appHtml } from '../html/app-html.ts'
import type { PageAssets } from '../html/report-html.ts'

/** The page that marks answers as a file, the same for every log, and what it may do. */
export const labelHtml = (assets: PageAssets): { html: string; policy: string } =>
  appHtml(assets, {
    title: 'Mark answers',
    noscript: 'This page is drawn by the script inside it, which is switched off here.',
  })
