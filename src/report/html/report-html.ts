import { embedJson } from './embed-json.ts'
import type { PageData } from './page-data.ts'

/** What the bundler made of the page: texts, and the SHA-256 of each in base64. */
export interface PageAssets {
  script: string
  style: string
  scriptHash: string
  styleHash: string
}

/**
 * The report: one file that loads nothing. Its policy allows the one script and the one style that stand in it, and the
 * fonts inside the style; no request can leave the page, whatever texts the data hold.
 */
export function reportHtml(data: PageData, { script, style, scriptHash, styleHash }: PageAssets): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    'font-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(data.figures.about.title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    '<noscript>This report is drawn by the script inside this file, which is switched off here.</noscript>',
    `<script type="application/json" id="data">${embedJson(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
