import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config/load-config.ts'
import { mainPath } from './support/cli.ts'
import { inFolder, jsonl } from './support/files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')
const blocks = (page: string, language: string) =>
  [...textOf(page).matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map((match) => match[1])

/** The `spillway` lines of a page's shell blocks. */
const commands = (page: string) =>
  blocks(page, 'sh')
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .filter((line) => line.startsWith('spillway '))

describe('every command in the documentation runs', () => {
  const folder = inFolder('docs')
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'), { recursive: true })
    writeFileSync(join(folder, 'bin', 'spillway'), `#!/bin/sh\nexec "${process.execPath}" "${mainPath}" "$@"\n`)
    chmodSync(join(folder, 'bin', 'spillway'), 0o755)
    copyFileSync(join(root, 'examples/tiny-pair/outcomes.jsonl'), join(folder, 'outcomes.jsonl'))
    symlinkSync(join(root, 'examples'), join(folder, 'examples'), 'dir')
    const rows = Array.from({ length: 1500 }, (_, i) => ({
      i,
      right: i % 3 > 0 ? 1 : 0,
      doubt: ((i * 37) % 1500) / 1500,
    }))
    const verified = rows.slice(0, 1000).map(({ i }) => ({ self_verification: (i % 5) / 4 }))
    writeFileSync(join(folder, 'signals.jsonl'), jsonl(...verified))
    writeFileSync(
      join(folder, 'runs.csv'),
      [
        'f1_llama,f1_gpt,my_score,document',
        ...rows.map(({ i, right, doubt }) => `${right},1,${1 - doubt},${i >> 2}`),
      ].join('\n'),
    )
    writeFileSync(
      join(folder, 'router_data_qasper_short.jsonl'),
      jsonl(
        ...rows.map(({ i, right }) => ({ id: `q${i}`, perf_slm: right, perf_llm: 1, slm_confidence: (i % 4) / 4 })),
      ),
    )
    writeFileSync(
      join(folder, 'qasper_short_answerlogits.jsonl'),
      jsonl(...rows.map(({ doubt }) => ({ avg_logp: -doubt, avg_entropy_nats: doubt }))),
    )
  })
  const all = pages.flatMap((page) => commands(page).map((command) => [page, command] as const))
  test.each(all)('%s: %s', (_, command) => {
    const { status, stderr } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      maxBuffer: 1 << 28,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    })
    expect({ status, stderr }).toMatchObject({ status: 0 })
  })
})

// Those of docs/ai-sdk.md ask servers: test/ai-sdk/docs.test.ts.
const examples = pages
  .filter((page) => page !== 'docs/ai-sdk.md')
  .flatMap((page) => blocks(page, 'ts').map((example) => [page, example] as const))
/** What an example is expected to print. */
const printed: Partial<Record<string, RegExp>> = {
  'README.md': /^APGR 0\.\d+, keeps \d+ rows at cost \d[^]*action: 'keep'/,
  'docs/gateway.md': /^kept 1\n132\n$/,
  'docs/tune.md': /^keep when \w+ [<>]= -?\d\.\d+ \{ low: 0\.\d+, high: 0\.\d+ \}/,
}

describe.each(examples)('the example of %s', (page, example) => {
  const folder = inFolder(`example-${page.replaceAll('/', '-')}`)
  beforeAll(() => {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    symlinkSync(root, join(folder, 'node_modules', 'spillway'), 'dir')
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
    for (const name of ['example.mts', 'example.mjs']) writeFileSync(join(folder, name), example)
  })
  test('runs against the built package', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'example.mjs')], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(printed[page]!)
  })
  test('has the types it seems to have', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const flags = '--noEmit --strict --target es2023 --module nodenext --types node --preserveSymlinks --skipLibCheck'
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags.split(' '), 'example.mts'], {
      cwd: folder,
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })
})

describe('a configuration in the documentation', () => {
  const folder = inFolder('docs-configurations')
  const yamls = pages.flatMap((page) => blocks(page, 'yaml').map((yaml, i) => [page, i, yaml] as const))
  test.each(yamls.filter(([, , yaml]) => !yaml.startsWith('# compose.yaml')))(
    '%s, the block %i',
    async (_, i, yaml) => {
      mkdirSync(folder, { recursive: true })
      const path = join(folder, `${i}.yaml`)
      writeFileSync(path, yaml)
      expect(await loadConfig(path)).toBeTypeOf('object')
    },
  )
})

test('every link inside the documentation leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)]*)?\)/g)]
      .filter(([, path]) => path !== '' && !existsSync(join(root, dirname(page), path)))
      .map(([link]) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})
