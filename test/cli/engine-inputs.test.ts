import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clickHousePair, haveClickHouse, PASSWORD, type ClickHousePair } from '../support/clickhouse.ts'
import { distributed } from '../support/clickhouse-rows.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { pageDataOf } from '../support/page-data.ts'
import { parquet } from '../support/parquet.ts'

/** A busy machine takes its time to start as many processes. */
vi.setConfig({ testTimeout: 120_000 })

/** In the order of their ids, as a table gives them. */
const rows = Array.from({ length: 160 }, (_, i) => ({
  id: `q${String(i).padStart(3, '0')}`,
  small_quality: Number(i % 3 !== 0 || i > 90),
  large_quality: Number(i % 11 !== 0),
  mean_logprob: -(((i * 37) % 80) + 1) / 50,
  small_answer: `answer ${i % 9}`,
}))
const entropies = rows.map(({ id }, i) => ({ id, mean_entropy: ((i * 37) % 80) / 40 + (i % 7) / 10 })).toReversed()
const both = rows.map((row) => ({ ...row, ...entropies.find(({ id }) => id === row.id) }))
const byName = both.map(({ id, small_quality, large_quality, mean_logprob }) => ({
  id,
  models: {
    mini: { quality: small_quality, signals: { mean_logprob } },
    mid: { quality: (small_quality + large_quality) / 2, signals: { mean_logprob: mean_logprob / 2 } },
    max: { quality: large_quality },
  },
}))
const costs = ['--cost', 'small=1,large=20']
const few = ['--resamples', '50', '--policies', 'threshold,joint']

/** What is printed, without the names of files. */
async function printed(args: string[]) {
  const { code, stdout, stderr } = await spillway(args)
  expect(code, stderr).toBe(0)
  const result = JSON.parse(stdout) as Record<string, unknown>
  return { ...result, files: [], datasets: [], findings: [], out: '' }
}

/** A command's JSON is the same for inputs that hold the same rows. */
async function expectSame(command: string[], ...inputs: string[][]) {
  const [expected, ...others] = await Promise.all(inputs.map((names) => printed([...command, ...names, '--json'])))
  for (const other of others) expect(other).toEqual(expected)
}

describe('Parquet is an input as any other', () => {
  test.each<[string, string[]]>([
    ['sweep --joint', ['sweep', '--joint', 'mean_logprob,mean_entropy', ...costs]],
    ['sweep --engine memory', ['sweep', '--engine', 'memory', ...costs]],
    ['tune', ['tune', '--max-quality-loss', '0.3', ...few, ...costs]],
    ['compare', ['compare', ...few, ...costs]],
    ['route', ['route', '--logprob-min=-0.8', ...costs]],
  ])('of %s', async (_, command) => {
    await expectSame(command, [file('both.jsonl', jsonl(...both))], [await parquet(both)])
  })

  test('as a second file, and beside JSONL', async () => {
    const [a, b] = [file('a.jsonl', jsonl(...rows)), file('b.jsonl', jsonl(...entropies))]
    const [c, d] = [await parquet(rows), await parquet(entropies)]
    const join = ['--join', 'id', ...costs]
    await expectSame(['sweep', ...join], [a, b], [c, d], [a, d], [c, b])
    await expectSame(['tune', '--max-quality-loss', '0.3', ...few, ...join], [a, b], [c, b])
    expect(await spillway(['sweep', c, b, ...costs])).toMatchObject({
      code: 0,
      stderr: `note: ${c}: 160 rows are read into memory, for a second file\n`,
      stdout: expect.stringContaining('ids differ in 160 rows'),
    })
  })

  test('of models by name, and with the summaries of the study', async () => {
    const [a, b] = [file('named.jsonl', jsonl(...byName)), await parquet(byName)]
    const models = ['--models', 'mini,max', '--cost', 'mini=1,max=9']
    await expectSame(['sweep', ...models], [a], [b])
    await expectSame(
      ['compare', '--policies', 'threshold', '--resamples', '50', '--cost', 'mini=1,mid=3,max=9'],
      [a],
      [b],
    )
    const study = async (name: string, path: string) => {
      const out = inFolder(name)
      expect(await spillway(['sweep', path, '--preset', 'automix-study', '--out', out, '--quiet'])).toMatchObject({
        code: 0,
        stderr: '',
      })
      return readFileSync(`${out}/logits_only_sweep_summary_both.json`, 'utf8')
    }
    const plain = file('both.jsonl', jsonl(...both))
    expect(await study('study-b', await parquet(both.map((row) => ({ ...row, dataset: 'both' }))))).toBe(
      await study('study-a', plain),
    )
  })

  test('of pages and figures', async () => {
    const [a, b] = [file('both.jsonl', jsonl(...both)), await parquet(both)]
    const page = async (path: string, ...args: string[]) => {
      const out = inFolder('page.html')
      const written = args[0] === 'sweep' ? ['--report', out] : ['--out', out, '--resamples', '50']
      expect(await spillway([args[0], path, ...written, ...costs])).toMatchObject({ code: 0 })
      const { figures, route, ...rest } = pageDataOf(out)
      expect(route[0]).toBe(path)
      return { ...rest, figures: { ...figures, about: { ...figures.about, title: '', files: [], datasets: [] } } }
    }
    for (const command of ['report', 'sweep']) expect(await page(b, command)).toEqual(await page(a, command))
    const plot = async (path: string) => {
      const out = inFolder('figure.svg')
      const args = ['--figure', 'threshold', '--out', out, '--resamples', '50', ...costs]
      expect(await spillway(['plot', path, ...args])).toMatchObject({ code: 0 })
      return readFileSync(out, 'utf8')
    }
    expect(await plot(b)).toBe(await plot(a))
  })

  test('within a limit of memory', async () => {
    const sweep = async (limit: string) =>
      spillway(['sweep', await parquet(both), '--joint', 'mean_logprob,mean_entropy', '--memory-limit', limit])
    expect(await sweep('1GB')).toMatchObject({ code: 0 })
    expect(await sweep('much')).toMatchObject({ code: 2, stderr: expect.stringContaining('--memory-limit much is no') })
  })

  test('of a policy, which remembers what it was tuned on', async () => {
    const out = inFolder('policy.json')
    const packed = await parquet(both)
    const tune = (path: string) => spillway(['tune', path, '--max-quality-loss', '0.3', ...few, ...costs, '--out', out])
    const hashes = () =>
      (JSON.parse(readFileSync(out, 'utf8')) as { provenance: { tuned_on: unknown } }).provenance.tuned_on
    expect(await tune(packed)).toMatchObject({ code: 0 })
    expect(hashes()).toEqual([{ file: packed.replace(/^.*\//, ''), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
    expect(await tune(packed.replace("'s", '?s'))).toMatchObject({ code: 0 })
    expect(hashes()).toEqual([{ file: expect.stringContaining('?s.parquet'), sha256: null }])
  })
})

describe.skipIf(!haveClickHouse)('a table of ClickHouse is an input as any other', () => {
  let pair: ClickHousePair
  let table = ''
  beforeAll(async () => {
    pair = await clickHousePair()
    vi.stubEnv('CLICKHOUSE_USER', 'analyst')
    vi.stubEnv('CLICKHOUSE_PASSWORD', PASSWORD)
    table = `clickhouse://${pair.host}/${await distributed(pair.clients, 'inputs', both)}`
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await pair?.stop()
  })

  test.each<[string, string[]]>([
    ['sweep --joint', ['sweep', '--joint', 'mean_logprob,mean_entropy', ...costs]],
    ['tune', ['tune', '--max-quality-loss', '0.3', ...few, ...costs]],
    ['compare', ['compare', ...few, ...costs]],
    ['route', ['route', '--logprob-min=-0.8', ...costs]],
  ])('of %s', async (_, command) => expectSame(command, [file('both.jsonl', jsonl(...both))], [table]))

  test('as a second file, joined by a column', async () => {
    const [a, b] = [file('a.jsonl', jsonl(...rows)), file('b.jsonl', jsonl(...entropies))]
    const second = `clickhouse://${pair.host}/${await distributed(pair.clients, 'entropies', entropies)}`
    await expectSame(['sweep', '--join', 'id', ...costs], [a, b], [a, second])
  })
})

test.each(['tune', 'compare', 'report', 'plot', 'route'])('%s says what is wrong with an input', async (command) => {
  const flags: Record<string, string[]> = {
    tune: ['--max-cost', '2'],
    plot: ['--figure', 'ibc', '--out', inFolder('x.svg')],
    report: ['--out', inFolder('x.html')],
    route: ['--logprob-min=-1'],
  }
  const refused = (name: string) => spillway([command, name, ...(flags[command] ?? [])])
  expect(await refused('none-*.parquet')).toMatchObject({
    code: 2,
    stderr: 'spillway: none-*.parquet: there is no such file\n',
  })
  expect(await refused('clickhouse://127.0.0.1:9/db.t')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('clickhouse://127.0.0.1:9/db.t: no ClickHouse answers there'),
  })
})
