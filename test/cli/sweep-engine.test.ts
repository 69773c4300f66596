import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { engineCases } from '../support/engine-cases.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { parquet, selected } from '../support/parquet.ts'

const { rows } = engineCases[0]
const costs = ['--cost', 'small=1,large=20']

/** Numbers to ten digits: sums are taken in another order. */
const rounded = (text: string): string =>
  text.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Number(Number(number).toPrecision(10))))
const withoutFiles = (text: string): unknown => ({
  ...(JSON.parse(text) as object),
  files: [],
  datasets: [],
  findings: [],
})

describe('spillway sweep on an engine', () => {
  test('prints what it prints from memory, whatever the form', async () => {
    const [plain, packed] = [file('rows.jsonl', jsonl(...rows)), await parquet(rows)]
    const [fromMemory, fromParquet, fromJsonl] = await Promise.all([
      spillway(['sweep', plain, '--json', '--min-quality', '0.8', ...costs]),
      spillway(['sweep', packed, '--json', '--min-quality', '0.8', ...costs]),
      spillway([
        'sweep',
        plain,
        '--engine',
        'duckdb',
        '--memory-limit',
        '1GB',
        '--json',
        '--min-quality',
        '0.8',
        ...costs,
      ]),
    ])
    expect(fromParquet.code, fromParquet.stderr).toBe(0)
    const expected = withoutFiles(rounded(fromMemory.stdout))
    expect(withoutFiles(rounded(fromParquet.stdout))).toEqual(expected)
    expect(withoutFiles(rounded(fromJsonl.stdout))).toEqual(expected)
    const [table, same] = await Promise.all([
      spillway(['sweep', plain, ...costs]),
      spillway(['sweep', packed, ...costs]),
    ])
    const figures = (text: string) => text.slice(text.indexOf('reference'))
    expect(figures(same.stdout)).toBe(figures(table.stdout))
  })

  test('--preset gives its costs and thresholds as from memory, and models by name are mapped', async () => {
    const study = ['--preset', 'automix-study', '--json']
    const [fromMemory, fromParquet] = await Promise.all([
      spillway(['sweep', file('study.jsonl', jsonl(...rows)), ...study]),
      spillway(['sweep', await parquet(rows), ...study]),
    ])
    expect(fromParquet.code, fromParquet.stderr).toBe(0)
    expect(withoutFiles(rounded(fromParquet.stdout))).toEqual(withoutFiles(rounded(fromMemory.stdout)))
    const named = rows.map(({ perf_slm, perf_llm, avg_logp }) => ({
      models: { a: { quality: perf_slm }, b: { quality: perf_llm } },
      mean_logprob: avg_logp,
    }))
    const map = ['--map', 'small.quality=models.a.quality', '--map', 'large.quality=models.b.quality']
    const swept = await spillway([
      'sweep',
      file('named.jsonl', jsonl(...named)),
      '--engine',
      'duckdb',
      ...map,
      ...costs,
    ])
    expect(swept.code, swept.stderr).toBe(0)
  })

  test('models by name, and signals in a map, are read as rows, unless the engine is asked for', async () => {
    const models = rows.map(({ id, perf_slm, perf_llm, avg_logp }) => ({
      id,
      models: { a: { quality: perf_slm, signals: { mean_logprob: avg_logp } }, b: { quality: perf_llm } },
    }))
    const flags = ['--json', '--cost', 'a=1,b=20']
    const byName = await parquet(models)
    const [fromMemory, fromParquet] = await Promise.all([
      spillway(['sweep', file('by-name.jsonl', jsonl(...models)), ...flags]),
      spillway(['sweep', byName, '--json', ...costs]),
    ])
    expect(fromParquet.code, fromParquet.stderr).toBe(0)
    expect(fromParquet.stderr).toMatch(/rows are read into memory, for models\.a\.quality/)
    expect(withoutFiles(rounded(fromParquet.stdout))).toEqual(withoutFiles(rounded(fromMemory.stdout)))
    expect(await spillway(['sweep', byName, '--engine', 'duckdb', ...costs])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /models\.a\.quality is of a model by name.*--map small\.quality=models\.a\.quality/,
      ),
    })
    const map = await selected(
      `SELECT i % 2 AS small_quality, 1 AS large_quality, MAP {'mean_logprob': -i / 100} AS signals FROM range(100) t(i)`,
      'map.parquet',
    )
    const fromMap = await spillway(['sweep', map, ...costs])
    expect(fromMap.code, fromMap.stderr).toBe(0)
    expect(fromMap.stderr).toMatch(/rows are read into memory, for signals/)
  })

  test('says what bins can change, and writes the files of --out', async () => {
    const out = inFolder('engine-out')
    const read = ['--signal', 'my "score"; --:lower', '--group', 'doc', '--cost', 'verify=1']
    const args = ['sweep', await parquet(engineCases[2].rows), ...read, '--exact-values', '3', '--max-cost', '12']
    const { stdout, stderr, code } = await spillway([...args, '--out', out])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(
      /note: mean_logprob has too many values .* bins with fixed edges \(24 bits\).*APGR by [\d.e-]+/s,
    )
    const written = JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8')) as {
      signals: { binned?: { bins: number } }[]
    }
    expect(written.signals.filter(({ binned }) => binned !== undefined)).toHaveLength(2)
  })

  test('--intervals puts intervals around metrics and the policy picked, the same for one seed', async () => {
    const args = ['sweep', await parquet(rows), '--intervals', '--seed', '7', '--max-cost', '9', ...costs]
    const [text, json] = await Promise.all([spillway(args), spillway([...args, '--json'])])
    expect(text.stdout).toMatch(/95\.0 % intervals +APGR .*quality +cost\nmean_entropy +\d\.\d+ \[\d\.\d+, \d\.\d+\]/)
    expect(text.stdout).toMatch(/200 resamples of \d+ buckets of whole groups, seed 7/)
    const { signals } = JSON.parse(json.stdout) as {
      signals: { intervals: { seed: number; apgr: { low: number; value: number; high: number } } }[]
    }
    for (const { intervals } of signals) {
      expect(intervals.seed).toBe(7)
      expect(intervals.apgr.low).toBeLessThan(intervals.apgr.high)
    }
    const { id: _, ...nameless } = rows[0]
    const alone = await spillway(['sweep', await parquet([nameless]), '--intervals', ...costs])
    expect(alone).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nothing says which rows belong together.*--group/),
    })
  })

  test.each<[string[], RegExp]>([
    [['--seed', '3'], /--seed is that of the resamples of --intervals/],
    [['--engine', 'memory', '--intervals'], /--intervals is for engines/],
    [
      ['--joint', 'mean_logprob,mean_entropy', '--intervals'],
      /--intervals is for engines: of rows in memory \(--joint needs the rows themselves\), spillway compare/,
    ],
    [
      ['--models', 'a,b', '--exact-values', '9'],
      /--exact-values is for engines: .*--models needs the rows themselves.*; leave it out/,
    ],
    [['--engine', 'memory', '--exact-values', '9'], /--exact-values is for engines/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await spillway(['sweep', 'logs/*.parquet', ...flags])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  })

  test.each<[string, string[], RegExp]>([
    [
      'rows.jsonl',
      ['--engine', 'duckdb', '--report', 'x.html'],
      /--engine duckdb leaves rows where they are, and --report needs/,
    ],
    ['rows.jsonl', ['--memory-limit', '1GB'], /--memory-limit is for --engine duckdb/],
    ['clickhouse://host/db.t', ['--engine', 'duckdb'], /--engine duckdb does not read clickhouse:.*: ClickHouse does/],
    ['clickhouse://host/db.t', ['rows.jsonl'], /rows of a table have no order.*--join id/],
  ])('refuses %s with %j', async (name, flags, message) => {
    const { code, stderr } = await spillway(['sweep', name, ...flags])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  })

  test('a password in an address is shown nowhere', async () => {
    const { code, stdout, stderr } = await spillway([
      'sweep',
      'clickhouse://me:hunter2@127.0.0.1:9/db.t',
      '--joint',
      'a,b',
    ])
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain('hunter2')
  })
})
