import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { inFolder } from './support/files.ts'
import { sureEnough } from './support/serve.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  exports: Record<string, unknown>
  dependencies: Record<string, string>
}
const entries = Object.keys(manifest.exports).filter((path) => path !== './schema' && path !== './package.json')
const run = promisify(execFile)
const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']

/** The package as it is published, installed in an empty folder by npm, without what the project develops with. */
describe('a tarball, installed in an empty folder', { timeout: 120_000 }, () => {
  const folder = inFolder('installed')
  let files: string[] = []
  beforeAll(async () => {
    mkdirSync(folder)
    const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
    const { stdout } = await run('npm', packing, { cwd: root, maxBuffer: 1 << 26 })
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
    files = packed.files.map(({ path }) => path)
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    await npm(...install, packed.filename)
  }, 300_000)

  const npm = (...args: string[]) => run('npm', args, { cwd: folder, maxBuffer: 1 << 26 })
  const spillway = (...args: string[]) =>
    run(join(folder, 'node_modules/.bin/spillway'), args, { cwd: folder, maxBuffer: 1 << 26 }).then(
      (told) => ({ code: 0, ...told }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
  const outcomes = 'node_modules/spillway/examples/tiny-pair/outcomes.jsonl'

  test('holds what is needed, and nothing else', () => {
    const needed =
      /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|spillway\.schema\.json|examples\/tiny-pair\/[\w.]+|dist\/.+\.(?:js|d\.ts|css|ttf|woff2?|mustache))$/
    expect(files.filter((path) => !needed.test(path))).toEqual([])
    const size = files.reduce((sum, path) => sum + statSync(join(folder, 'node_modules/spillway', path)).size, 0)
    expect(size).toBeLessThan(10e6)
  })

  test('brings no package that only some users want', () => {
    const modules = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
    for (const name of ['ai', 'bullmq', 'node-llama-cpp', 'pdfkit', 'typescript', 'vitest'])
      expect(modules).not.toContain(name)
  })

  test('its command runs', async () => {
    expect(await spillway('--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n` })
    expect((await spillway()).stdout).toMatch(/^Usage: spillway/)
    const swept = await spillway('sweep', outcomes, '--json')
    expect((JSON.parse(swept.stdout) as { rows: number }).rows).toBe(1000)
    expect(await spillway('report', outcomes, '--resamples', '200', '--quiet')).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
    const plot = ['plot', outcomes, '--figure', 'cost-quality', '--resamples', '200', '--quiet', '--out']
    expect(await spillway(...plot, 'figure.svg')).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'figure.svg'), 'utf8')).toMatch(/^<svg /)
  })

  test.each([
    [['serve', '--demo', '--port', '0'], 'node-llama-cpp'],
    [['plot', outcomes, '--figure', 'ibc', '--resamples', '200', '--out', 'figure.pdf'], 'pdfkit'],
    [['sweep', 'logs/*.parquet', '--cost', 'small=1,large=20'], '@duckdb/node-api'],
    [['sweep', outcomes, '--engine', 'duckdb'], '@duckdb/node-api'],
    [['sweep', 'clickhouse://127.0.0.1:9/db.decisions'], '@clickhouse/client'],
    [['worker', 'redis://127.0.0.1:1', '--small', 'openai:x', '--config', 'none.yaml'], 'none.yaml'],
  ])('%j says what is missing and how to get it', async (args, missing) => {
    const told = await spillway(...args)
    expect(told.code).toBe(2)
    expect(told.stderr).toContain(missing)
    expect(told.stderr).not.toMatch(/\n\s+at /)
    if (!missing.endsWith('.yaml')) expect(told.stderr).toMatch(new RegExp(`npm (?:install|i) .*${missing}`))
  })

  test('a decision log in ClickHouse says what is missing before anything is served', async () => {
    const model = { url: 'http://127.0.0.1:9/v1', model: 'any' }
    const log = { clickhouse: 'clickhouse://me:${SECRET}@127.0.0.1:9/db.decisions' }
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(sureEnough))
    const config = { small: model, large: model, serve: { policy: 'policy.json', log } }
    writeFileSync(join(folder, 'logged.yaml'), JSON.stringify(config))
    process.env.SECRET = 'hunter2'
    const told = await spillway('serve', '--config', 'logged.yaml', '--port', '0')
    delete process.env.SECRET
    expect(told.code).toBe(2)
    expect(told.stderr).toMatch(/npm install @clickhouse\/client/)
    expect(told.stderr).not.toMatch(/hunter2|\n\s+at /)
  })

  test.each(entries)('%s can be imported, and its types compile alone', async (entry) => {
    const name = `spillway${entry.slice(1)}`
    const file = join(folder, `entry-${entry.replaceAll(/\W/g, '-')}`)
    const { stdout } = await run(
      process.execPath,
      ['-e', `import('${name}').then((m) => console.log(Object.keys(m).length))`],
      {
        cwd: folder,
      },
    )
    expect(Number(stdout)).toBeGreaterThan(0)
    writeFileSync(
      `${file}.mts`,
      `import * as entry from '${name}'\nexport const names: string[] = Object.keys(entry)\n`,
    )
  })

  test('types hold for those who check libraries too', async () => {
    // What belongs to packages that are not installed is any; what belongs to none is ours.
    const tsc = [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
    ]
    const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
    const sources = entries.map((entry) => `entry-${entry.replaceAll(/\W/g, '-')}.mts`)
    const { stdout } = await run(process.execPath, [...tsc, ...types, '--skipLibCheck', ...sources], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })

  test('are the types wrong? says no', async () => {
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    const checker = '@arethetypeswrong/cli@0.18.5'
    const { stdout } = await npm(
      'exec',
      '--yes',
      '--prefer-offline',
      '--package',
      checker,
      '--',
      'attw',
      tarball,
      '--profile',
      'esm-only',
      '--format',
      'json',
    )
    // It ends with an error where something is wrong.
    const { analysis } = JSON.parse(stdout) as { analysis: { entrypoints: Record<string, unknown> } }
    expect(Object.keys(analysis.entrypoints).toSorted()).toEqual(Object.keys(manifest.exports).toSorted())
  })
})
