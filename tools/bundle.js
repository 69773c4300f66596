// Bundles what runs in a browser into dist: a script and a style for each page, which the command line puts into one
// file. Runs after tsc in `npm run build`, and before the tests.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Pages by where they go; each has a script, and a style of the same name. */
const pages = [
  { script: 'src/report/page/report.ts', style: 'src/report/page/style/report.css', out: 'dist/report/page' },
  { script: 'src/report/page/live.ts', style: 'src/report/page/style/live.css', out: 'dist/report/page' },
  { script: 'src/report/page/label.ts', style: 'src/report/page/style/label.css', out: 'dist/report/page' },
]

for (const { script, style, out } of pages)
  await build({
    absWorkingDir: root,
    entryPoints: [script, style],
    entryNames: '[name]',
    outdir: out,
    bundle: true,
    minify: true,
    target: 'es2022',
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: '/*! Contains Observable Plot (Observable, Inc.) and D3 (Mike Bostock), ISC licence. */' },
    loader: { '.woff2': 'dataurl' },
    logLevel: 'warning',
  })
