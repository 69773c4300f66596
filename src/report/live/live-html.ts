import type { PageAssets } from '../html/report-html.ts'

/** The gateway's page as a file, and what it may do: run its own script, and listen to the gateway it came from. */
export function liveHtml({ script, style, scriptHash, styleHash }: PageAssets): { html: string; policy: string } {
  const policy = [
    `default-src 'none'`,
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    `connect-src 'self'`,
    'font-src data:',
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    '<title>Spillway gateway</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    '<noscript>This page is drawn by the script inside it, which is switched off here. /stats has its figures.</noscript>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
  return { html, policy }
}
