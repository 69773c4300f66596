import type { PageAssets } from './report-html.ts'

/** What every answer of a server to its page has: it is nobody else's to keep, to guess at, or to show inside another page. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

/** A page as a file, and what it may do: run its own script, and talk to the server it came from. */
export function appHtml(
  { script, style, scriptHash, styleHash }: PageAssets,
  { title, noscript }: { title: string; noscript: string },
): { html: string; policy: string } {
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
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    `<noscript>${noscript}</noscript>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
  return { html, policy }
}
