import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { blocks, root } from '../support/documentation.ts'
import { inFolder } from '../support/files.ts'
import { runNode } from '../support/process.ts'

const folder = inFolder('examples')
const examples = blocks
  // Those of docs/ai-sdk.md ask servers, and run in test/ai-sdk/docs.test.ts.
  .filter(({ language, page }) => language === 'ts' && page !== 'docs/ai-sdk.md')
  .map(({ page, line, text }, i) => ({ place: `${page}:${line}`, page, text, file: `example-${i}` }))

/** What an example is expected to print. */
const printed: Partial<Record<string, RegExp>> = {
  'README.md': /^APGR 0\.\d+, keeps \d+ rows at cost \d[^]*action: 'keep'/,
  'docs/gateway.md': /^kept 1\n132\n$/,
  'docs/tune.md': /^keep when \w+ [<>]= -?\d\.\d+ \{ low: 0\.\d+, high: 0\.\d+ \}/,
}

/** The packages that examples import. */
const packages = new Set(
  examples.flatMap(({ text }) =>
    [...text.matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)[^']*'/g)]
      .map(([, name]) => name)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name)),
  ),
)

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  for (const name of packages) {
    const [scope, inner] = name.split('/')
    if (inner !== undefined) mkdirSync(join(folder, 'node_modules', scope), { recursive: true })
    symlinkSync(
      name === 'spillway' ? root : join(root, 'node_modules', name),
      join(folder, 'node_modules', name),
      'dir',
    )
  }
  for (const { file, text } of examples)
    for (const kind of ['mts', 'mjs']) writeFileSync(join(folder, `${file}.${kind}`), text)
})

describe('an example runs against the built package', () => {
  // What exports something is a module of somebody's program: its types are checked, and there is nothing to run.
  const programs = examples.filter(({ text }) => !/^export /m.test(text))
  test.concurrent.for(programs)('$place', { timeout: 120_000 }, async ({ page, file }, { expect }) => {
    const { code, stdout, stderr } = await runNode([join(folder, `${file}.mjs`)], root)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(printed[page] ?? /./)
  })
})

test('examples have the types they seem to have', { timeout: 120_000 }, async () => {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        target: 'es2023',
        module: 'nodenext',
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        skipLibCheck: true,
      },
      files: examples.map(({ file }) => `${file}.mts`),
    }),
  )
  const { code, stdout } = await runNode([join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder)
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
})
