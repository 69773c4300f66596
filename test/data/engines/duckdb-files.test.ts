import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { sweepStatistics } from '../../../src/core/sweep-statistics.ts'
import { sweep } from '../../../src/core/sweep.ts'
import { openDuckDb, type DuckDbOptions } from '../../../src/data/engines/duckdb.ts'
import { lintOutcomes, readOutcomes } from '../../../src/data/read-outcomes.ts'
import { engineCases } from '../../support/engine-cases.ts'
import { file, inFolder, jsonl } from '../../support/files.ts'
import { hasSharedData, recorded } from '../../support/shared.ts'
import { expectSameSweep } from '../../support/same-sweep.ts'
import { packed, parquet, rowsOf, zstd } from '../../support/parquet.ts'

const { rows } = engineCases[0]
const options = { costs: { small: 1, large: 20 } }
const nested = rows.map(({ id, perf_slm, perf_llm, avg_logp }) => ({
  id,
  small: { quality: perf_slm, signals: { mean_logprob: avg_logp } },
  large: { quality: perf_llm },
}))
const csv = ['id,perf_slm,perf_llm,avg_logp', ...rows.map((r) => [r.id, r.perf_slm, r.perf_llm, r.avg_logp].join(','))]

async function swept(path: string, read: DuckDbOptions = {}) {
  const opened = await openDuckDb(path, read)
  try {
    return await sweepStatistics(opened.source, options)
  } finally {
    await opened.close()
  }
}
const refusal = (path: string, read?: DuckDbOptions) =>
  swept(path, read).then(
    () => 'nothing was refused',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  )

describe('DuckDB reads', () => {
  test('nested JSONL, CSV, both packed, and patterns over several files', async () => {
    const plain = file('files-nested.jsonl', jsonl(...nested))
    const expected = sweep(await readOutcomes(plain), options)
    mkdirSync(inFolder('many files'), { recursive: true })
    const paths = [
      plain,
      file('files-table.csv', `${csv.join('\n')}\n`),
      file('files-table.csv.gz', gzipSync(`${csv.join('\n')}\n`)),
      file('files-nested.jsonl.gz', gzipSync(jsonl(...nested))),
      await packed(nested, 'json', 'packed.jsonl.zst'),
    ]
    file('many files/a.jsonl', jsonl(...nested.slice(0, 70)))
    file('many files/b.jsonl', jsonl(...nested.slice(70)))
    for (const path of [...paths, inFolder('many files/*.jsonl')]) expectSameSweep((await swept(path)).result, expected)
  })

  test('a file of the very name that it is given, though the name or its folder looks like a pattern', async () => {
    const [mine, other] = [nested, nested.map((row) => ({ ...row, large: { quality: 0 } }))]
    const expected = sweep(await readOutcomes(file('plain-name.jsonl', jsonl(...mine))), options)
    for (const [folder, twin] of [
      ['names', 'names'],
      ['a[1]*?', 'a1xy'],
    ]) {
      for (const each of [folder, twin]) mkdirSync(inFolder(each), { recursive: true })
      await packed(mine, 'parquet', `${folder}/part[1].parquet`)
      await packed(other, 'parquet', `${twin}/part1.parquet`)
      await packed(mine, 'json', `${folder}/x*?.jsonl.zst`)
      await packed(other, 'json', `${twin}/x12.jsonl.zst`)
      file(`${folder}/t[ab].csv`, `${csv.join('\n')}\n`)
      file(`${twin}/ta.csv`, 'no\n')
      for (const name of ['part[1].parquet', 'x*?.jsonl.zst', 't[ab].csv'])
        expectSameSweep((await swept(inFolder(`${folder}/${name}`))).result, expected)
      for (const name of ['part[1].parquet', 'x*?.jsonl.zst'])
        expectSameSweep(sweep(await readOutcomes(inFolder(`${folder}/${name}`)), options), expected)
    }
  })

  test('says what is odd about the rows, as the reader in memory does', async () => {
    const odd = [...rows.slice(0, 60), { id: 'x', perf_slm: null, perf_llm: 1 }]
    const { findings } = await swept(await parquet(odd))
    const { findings: expected } = await lintOutcomes(file('odd.jsonl', jsonl(...odd)))
    expect(findings.map(({ code, rows }) => [code, rows])).toEqual(
      expect.arrayContaining(expected.map(({ code, rows }) => [code, rows])),
    )
  })
})

describe('DuckDB refuses, naming place, culprit and remedy,', () => {
  const oneRow = (row: object) => parquet([{ perf_slm: 1, perf_llm: 1, avg_logp: -1, ...row }])
  test.each<[string, () => Promise<string>, DuckDbOptions, RegExp]>([
    [
      'a file that is not there',
      async () => inFolder('absent.parquet'),
      {},
      /^bad-input: .*absent\.parquet: there is no such file/,
    ],
    [
      'an ending that says nothing',
      async () => file('x.dat', ''),
      {},
      /^usage: .*x\.dat: its ending does not say what it is/,
    ],
    [
      'a log-probability above 0',
      () => oneRow({ avg_logp: 0.31 }),
      {},
      /bad-input: .*avg_logp is 0\.31 somewhere; a log-probability cannot be above 0/,
    ],
    [
      'a quality in percent',
      () => oneRow({ perf_slm: 85 }),
      {},
      /perf_slm is 85 somewhere; a quality lies in \[0, 1\]/,
    ],
    [
      'a text that is no number',
      () => oneRow({ avg_logp: 'high' }),
      {},
      /avg_logp is a text, not a number, in 1 row; .* without quotes/,
    ],
    [
      'numbers written as texts, as the reader of rows does',
      () => oneRow({ avg_logp: '-1.5' }),
      {},
      /avg_logp is a text, not a number, in 1 row/,
    ],
    [
      'parts whose numbers are texts in one',
      async () => {
        mkdirSync(inFolder('parts'), { recursive: true })
        await packed([{ perf_slm: 1, perf_llm: 1, avg_logp: -1 }], 'parquet', 'parts/1.parquet')
        await packed([{ perf_slm: '1', perf_llm: 1, avg_logp: -1 }], 'parquet', 'parts/2.parquet')
        return inFolder('parts/*.parquet')
      },
      {},
      /perf_slm is a text, not a number, in 2 rows/,
    ],
    [
      'a column of lists',
      () => oneRow({ avg_logp: [1] }),
      {},
      /avg_logp is of type DOUBLE\[\]|avg_logp is of type BIGINT\[\]/,
    ],
    [
      'columns that are not there',
      () => oneRow({}),
      { map: { 'small.quality': 'f1' } },
      /^usage: .*no column f1 .*perf_slm/,
    ],
    ['a group that is not there', () => oneRow({}), { group: 'doc' }, /^usage: .*no column doc \(for --group\)/],
    ['no quality', () => parquet([{ avg_logp: -1 }]), {}, /no column for small\.quality .*--map small\.quality=COLUMN/],
    [
      'no signal',
      () => parquet([{ perf_slm: 1, perf_llm: 1, z: 1 }]),
      {},
      /no signal among the columns .*--signal z:higher/,
    ],
    [
      'two columns for one field',
      () => oneRow({ mean_logprob: -1 }),
      {},
      /two columns for mean_logprob: avg_logp and mean_logprob/,
    ],
    [
      'rows of two small models',
      () =>
        parquet([
          { perf_slm: 1, perf_llm: 1, avg_logp: -1, small_model: 'a' },
          { perf_slm: 1, perf_llm: 1, avg_logp: -1, small_model: 'b' },
        ]),
      {},
      /rows of 2 small models/,
    ],
    ['a memory limit that is none', () => oneRow({}), { memoryLimit: 'much' }, /^usage: --memory-limit much/],
    ['no complete row', () => oneRow({ perf_slm: null }), {}, /no rows with a quality of both models/],
  ])('%s', async (_, path, read, message) => expect(await refusal(await path(), read)).toMatch(message))

  test('an address without showing what is secret in it', async () => {
    const message = await refusal('s3://key:secret@bucket.invalid/x.parquet?X-Amz-Signature=abcdef')
    expect(message).not.toMatch(/secret|abcdef/)
    expect(message).toContain('s3://bucket.invalid/x.parquet')
  })

  test('an address in capitals as an address, with the reason', async () =>
    expect(await refusal('HTTPS://bucket.invalid/x.parquet')).toMatch(/DuckDB cannot read this \(.{40,}\)/))

  test('a path with a quote is a path', async () =>
    expect(await refusal(inFolder("it's'); DROP TABLE outcomes; --.parquet"))).toMatch(/there is no such file/))
})

test.skipIf(!hasSharedData).each(['coqa', 'qasper'] as const)(
  'the recorded outcomes of %s give the same in memory and in DuckDB',
  async (set) => {
    const [file, signalsFile] = recorded(set)
    const outcomes = await readOutcomes(file, { signalsFile })
    const path = await parquet(rowsOf(outcomes))
    const settings = { costs: { small: 1, verify: 4, large: 20 }, target: { maxCost: 12 } }
    const { source, close } = await openDuckDb(path, { group: 'doc' })
    const { result } = await sweepStatistics(source, settings)
    await close()
    expectSameSweep(result, sweep({ ...outcomes, groups: { ...outcomes.groups, from: 'group' } }, settings))
  },
)

describe('CSV in DuckDB follows the rules of CSV in memory:', () => {
  const header = 'id,small_quality,large_quality,mean_logprob'
  const forms = async (name: string, text: string) => {
    const plain = file(`${name}.csv`, text)
    const zst = await zstd(text, `${name}.csv.zst`)
    return [
      () => lintOutcomes(plain).then(({ outcomes }) => `${outcomes.rows} rows, ${outcomes.groups.count} groups`),
      () => swept(plain).then(({ result }) => `${result.rows} rows, ${result.groups.count} groups`),
      () => swept(zst).then(({ result }) => `${result.rows} rows, ${result.groups.count} groups`),
      () => lintOutcomes(zst).then(({ outcomes }) => `${outcomes.rows} rows, ${outcomes.groups.count} groups`),
    ]
  }

  test.each<[string, string]>([
    ['ids-that-look-like-numbers', `${header}\n007,0,1,-0.5\n7,1,1,-0.2\n7,true,1,NA\n`],
    ['semicolons', 'id;small_quality;large_quality;mean_logprob\n1;0;1;-0.5\n2;1;1;-0.3\n'],
    ['tabs', 'id\tsmall_quality\tlarge_quality\tmean_logprob\n1\t0\t1\t-0.5\n2\t1\t1\t-0.3\n'],
    ['no-comment', `${header}\n#1,0,1,-0.5\n2,1,1,-0.4\n`],
    ['spaces', 'id, small_quality, large_quality, mean_logprob\n 1, 0, 1, -0.5\n 1 ,1,1,-0.3\n'],
    ['blank-lines', `${header}\n\n1,0,1,-0.5\n\n2,1,1,inf\n\n`],
    ['quotes', `${header}\n"a,b",0,1,-0.5\n"x""y",1,1,-0.5\n`],
  ])('%s are read alike', async (name, text) => {
    const [expected, ...others] = await Promise.all((await forms(name, text)).map((read) => read()))
    expect(expected).toMatch(/^[23] rows/)
    for (const other of others) expect(other).toBe(expected)
  })

  test.each<[string, string, RegExp]>([
    ['a-name-twice', `${header},id\n1,0,1,-0.5,2\n`, /:1: two columns are called "id"/],
    ['a-row-too-short', `${header}\n1,0,1,-0.5\n2,1,1\n3,1,1,-0.4\n`, /:3: not valid CSV/],
    ['a-row-too-long', `${header}\n1,0,1,-0.5\n2,1,1,1,1\n`, /:3: not valid CSV/],
    ['a-line-above', `#hello\n${header}\n1,0,1,-0.5\n`, /:2: not valid CSV/],
    ['bars', 'id|small_quality|large_quality|mean_logprob\n1|0|1|-0.5\n', /no column for small\.quality|known names/],
    ['an-underscore', `${header}\n1,0,1,-1_0\n2,1,1,-0.5\n`, /mean_logprob is (the|a) text/],
    ['too-large', `${header}\n1,0,1,-1e999\n2,1,1,-0.5\n`, /mean_logprob is (the|a) text/],
  ])('%s is refused alike', async (name, text, message) => {
    for (const read of await forms(name, text)) await expect(read()).rejects.toThrow(message)
  })

  test('names that differ only in case, which DuckDB cannot tell apart, are refused by name', async () =>
    expect(await refusal(file('case.csv', `${header},Id\n1,0,1,-0.5,2\n`))).toMatch(
      /case\.csv:1: id and Id differ only in case/,
    ))

  test('files of a pattern may have their columns in another order, or with another separator', async () => {
    mkdirSync(inFolder('csvs'), { recursive: true })
    file('csvs/a.csv', `${header}\n1,0,1,-0.5\n`)
    file('csvs/b.csv', `${header}\n2,0,1,-0.25\n`)
    file('csvs/c.csv', 'mean_logprob;large_quality;id;small_quality\n-0.125;1;3;0\n')
    const { outcomes } = await lintOutcomes(inFolder('csvs/*.csv'))
    expect([...outcomes.signals[0].values]).toEqual([-0.5, -0.25, -0.125])
    expect((await swept(inFolder('csvs/*.csv'))).result.rows).toBe(3)
  })
})
