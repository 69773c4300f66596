import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** Who may import whom; a folder may always import itself. `core` in a list stands for all of it. */
const allowed: Record<string, string[]> = {
  'core/errors.ts': [],
  'core/stats': [],
  'core/signals': ['core/stats'],
  'core/outcomes': ['core/signals', 'core/stats', 'core/errors.ts'],
  'core/policy': ['core/signals', 'core/outcomes', 'core/stats', 'core/errors.ts'],
  'core/sweep': ['core/policy', 'core/outcomes', 'core/stats', 'core/errors.ts'],
  'core/metrics': ['core/sweep', 'core/outcomes', 'core/stats'],
  'core/intervals': ['core/metrics', 'core/sweep', 'core/policy', 'core/outcomes', 'core/stats'],
  'core/learned': ['core/sweep', 'core/policy', 'core/outcomes', 'core/stats'],
  'core/peers': ['core/sweep', 'core/policy', 'core/outcomes', 'core/stats'],
  'core/chains': ['core/sweep', 'core/policy', 'core/outcomes', 'core/stats'],
  'core/tune': [
    'core/chains',
    'core/intervals',
    'core/learned',
    'core/peers',
    'core/metrics',
    'core/sweep',
    'core/policy',
    'core/outcomes',
    'core/stats',
    'core/errors.ts',
  ],
  'core/audit': ['core/policy', 'core/metrics', 'core/outcomes', 'core/stats'],
  'core/statistics': [
    'core/metrics',
    'core/sweep',
    'core/policy',
    'core/signals',
    'core/outcomes',
    'core/stats',
    'core/errors.ts',
  ],
  'core/sweep.ts': ['core'],
  'core/sweep-statistics.ts': ['core'],
  'core/index.ts': ['core'],
  scoring: ['core/errors.ts'],
  data: ['core'],
  models: ['core/signals', 'core/errors.ts'],
  config: ['models', 'core/errors.ts'],
  collect: ['models', 'scoring', 'data', 'core'],
  // What an audit log holds, and how qualities come into it. What the page for it is told is the page's to say.
  audits: ['scoring', 'data', 'core', 'report/label'],
  cascade: ['models', 'core'],
  'ai-sdk': ['cascade', 'models', 'core'],
  // What the live page is told is the page's to say.
  gateway: ['audits/record.ts', 'audits/audited-request.ts', 'cascade', 'models', 'core', 'report/live', 'report/html'],
  // What charts and pages are made of, then charts, which run in Node and in browsers, then files of them.
  'report/figures': ['core', 'report/json.ts', 'report/promise-words.ts', 'report/rows.ts'],
  'report/charts': ['report/figures', 'core'],
  'report/html': ['report/figures', 'report/json.ts', 'core'],
  'report/render': ['report/charts', 'report/figures', 'core/errors.ts'],
  'report/index.ts': ['report'],
  // Code for browsers: nothing in Node imports it.
  'report/page': ['core', 'report'],
  report: ['core', 'report/figures', 'report/html'],
  serve: ['audits', 'data/engines', 'scoring', 'collect/template.ts', 'gateway', 'cascade', 'models', 'config', 'core'],
  cli: ['core', 'data', 'audits', 'report', 'collect', 'config', 'scoring', 'models', 'cascade', 'gateway', 'serve'],
  'index.ts': ['core', 'data'],
}

/** npm packages and Node's own modules by the folder that may use them. */
const packages: Record<string, RegExp> = {
  'core/audit': /^zod$/,
  'core/policy': /^zod$/,
  'core/learned': /^ml-matrix$/,
  data: /^(node:|csv-parse(\/sync)?$|@duckdb\/node-api$|@clickhouse\/client$)/,
  scoring: /^(node:|jiti$)/,
  models: /^(node:|undici$|node-llama-cpp$|eventsource-parser$)/,
  config: /^(node:|yaml$|zod$)/,
  audits: /^(node:|zod$)/,
  collect: /^(node:|mustache$|bullmq$|ioredis$)/,
  // Types alone, so that nothing of the AI SDK is loaded.
  'ai-sdk': /^@ai-sdk\/provider$/,
  gateway: /^(node:|rotating-file-stream$|prom-client$|@opentelemetry\/)/,
  'report/charts': /^@observablehq\/plot$/,
  'report/render': /^(node:|linkedom$|@resvg\/resvg-wasm$|pdfkit$|svg-to-pdfkit$)/,
  'report/page': /^@observablehq\/plot$/,
  'report/html': /^node:/,
  report: /^picocolors\/types\.js$/,
  serve: /^node:/,
  cli: /^(node:|commander$|picocolors$|yaml$)/,
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
const roomOf = (path: string): string => {
  const room = Object.keys(allowed).filter((name) => path === name || path.startsWith(`${name}/`))[0]
  if (room === undefined) throw new Error(`src/${path} has no place in the table of imports`)
  return room
}
const imports = (path: string): string[] =>
  [
    ...readFileSync(join(src, path), 'utf8').matchAll(
      /(?:^|\n)(?:import|export)\s[^'"]*?from '([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => match[1] ?? match[2])

test('every import goes one way, as the table says', () => {
  const wrong: string[] = []
  for (const path of files) {
    const room = roomOf(path)
    for (const name of imports(path)) {
      if (!name.startsWith('.')) {
        if (!packages[room]?.test(name)) wrong.push(`${path} imports ${name}`)
        continue
      }
      const target = relative(src, join(src, dirname(path), name))
      const to = roomOf(target)
      if (to !== room && !allowed[room].some((each) => target === each || target.startsWith(`${each}/`)))
        wrong.push(`${path} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the table names only what exists', () => {
  const rooms = new Set(files.map(roomOf))
  expect(Object.keys(allowed).filter((room) => !rooms.has(room))).toEqual([])
})
