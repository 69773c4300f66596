import { appHtml } from '../html/app-html.ts'
import type { PageAssets } from '../html/report-html.ts'

/** The gateway's page as a file, and what it may do. */
export const liveHtml = (assets: PageAssets): { html: string; policy: string } =>
  appHtml(assets, {
    title: 'Spillway gateway',
    noscript: 'This page is drawn by the script inside it, which is switched off here. /stats has its figures.',
  })
