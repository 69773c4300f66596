import fc from 'fast-check'
import { mkdirSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openRecords } from '../../../src/data/open.ts'
import { lintOutcomes, type ReadOptions } from '../../../src/data/read-outcomes.ts'
import { engineCases } from '../../support/engine-cases.ts'
import { file, inFolder, jsonl } from '../../support/files.ts'
import { packed, parquet, selected } from '../../support/parquet.ts'
import { hasSharedData, recorded } from '../../support/shared.ts'

/** Everything that comes of a file but its name, and the places in it. */
async function read(path: string, options?: ReadOptions) {
  const { outcomes, findings } = await lintOutcomes(path, { ...options, texts: true })
  const placeless = findings.map((each) => ({ ...each, message: each.message.replace(/first [^;]*/, 'first') }))
  return { ...outcomes, place: undefined, datasets: [], findings: placeless }
}

async function recordsIn(path: string): Promise<Record<string, unknown>[]> {
  const source = await openRecords(path)
  const all: Record<string, unknown>[] = []
  for await (const { records } of source.batches) all.push(...records)
  await source.close()
  return all
}

const refusal = (path: string, options?: ReadOptions) =>
  lintOutcomes(path, options).then(
    () => 'nothing was refused',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  )

describe('rows that DuckDB reads are the records of the same lines', () => {
  test('whatever types their columns have', async () => {
    const [one, two] = await recordsIn(
      await selected(
        `SELECT * FROM (VALUES
          (1::BIGINT, 9007199254740993::UBIGINT, 0.1::DECIMAL(10, 4), 0.25::FLOAT, 5e-324::DOUBLE, true, 'a"b\n', {'quality': 1.5, 'tags': ['x'], 'n': NULL}, MAP {'gpt-5': 2}, DATE '2026-01-02', TIMESTAMP '2026-01-02 03:04:05.5', TIMESTAMPTZ '2026-01-02 03:04:05+02', 'z'::BLOB, [1, 2]),
          (NULL, 7, NULL, 'nan', '-inf', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
        ) AS t("i", "wide", "decimal", "float", "double", "flag", "it's ""text""", "small", "models", "day", "at", "when", "bytes", "list")`,
        'kinds.parquet',
      ),
    )
    expect(one).toEqual({
      i: 1,
      wide: '9007199254740993',
      decimal: 0.1,
      float: 0.25,
      double: 5e-324,
      flag: true,
      'it\'s "text"': 'a"b\n',
      small: { quality: 1.5, tags: ['x'], n: null },
      models: { 'gpt-5': 2 },
      day: '2026-01-02',
      at: '2026-01-02T03:04:05.5',
      when: '2026-01-02T01:04:05Z',
      bytes: 'z',
      list: [1, 2],
    })
    const { wide, float, double, ...missing } = two
    expect({ wide, float, double }).toEqual({ wide: 7, float: 'nan', double: '-inf' })
    expect(new Set(Object.values(missing))).toEqual(new Set([null]))
  })

  test('whatever values they hold', async () => {
    const orNull = <Each>(each: fc.Arbitrary<Each>) => fc.option(each, { freq: 5 })
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => Buffer.from(text).toString() === text)
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)
    const record = fc.record({
      "it's": orNull(texts),
      x: orNull(numbers),
      n: orNull(fc.maxSafeInteger().map((n) => n + 0)),
      flag: orNull(fc.boolean()),
      small: orNull(fc.record({ quality: orNull(numbers), answer: orNull(texts) })),
      list: orNull(fc.array(orNull(texts), { maxLength: 3 })),
    })
    const columns = `{"it's": 'VARCHAR', x: 'DOUBLE', n: 'BIGINT', flag: 'BOOLEAN', small: 'STRUCT(quality DOUBLE, answer VARCHAR)', list: 'VARCHAR[]'}`
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 400 }), async (records) => {
        const from = file('any.jsonl', jsonl(...records))
        const path = await selected(`SELECT * FROM read_json('${from}', columns = ${columns})`, 'any.parquet')
        // Once around JSON: -0 is written as 0.
        expect(await recordsIn(path)).toEqual(JSON.parse(JSON.stringify(records)))
      }),
      { numRuns: 12 },
    )
  })

  test.each(engineCases)('$name', async ({ rows, read: options }) => {
    const expected = await read(file('case.jsonl', jsonl(...rows)), options)
    expect(await read(await parquet(rows), options)).toEqual(expected)
    expect(await read(await packed(rows, 'json', 'case.jsonl.zst'), options)).toEqual(expected)
  })

  test('nested, of models by name, in their order over many chunks and files', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => ({
      id: `q${(i * 7919) % 9000}`,
      models: {
        a: { quality: (i % 7) / 6, cost: 1, signals: { mean_logprob: -i / 9000 } },
        b: { quality: (i % 5) / 4, cost: 9, answer: `answer ${i}` },
      },
    }))
    const expected = await read(file('models.jsonl', jsonl(...rows)))
    expect(expected.texts?.id[1]).toBe('q7919')
    expect(await read(await parquet(rows))).toEqual(expected)
    mkdirSync(inFolder('parts'), { recursive: true })
    await packed(rows.slice(0, 5000), 'parquet', 'parts/1.parquet')
    await packed(rows.slice(5000), 'parquet', 'parts/2.parquet')
    expect(await read(inFolder('parts/*.parquet'))).toEqual(expected)
    file('parts/1.jsonl', jsonl(...rows.slice(0, 5000)))
    file('parts/2.jsonl', jsonl(...rows.slice(5000)))
    expect(await read(inFolder('parts/*.jsonl'))).toEqual(expected)
  })

  test('texts are not guessed at: ids keep their zeros, and CSV its words for what is missing', async () => {
    const rows = ['id,perf_slm,perf_llm,avg_logp,day', '007,1,0.5,NA,2026-01-02', '"a,b",0,1,-0.5,', '03,0,1,-0.25,x']
    const expected = await read(file('texts.csv', `${rows.join('\n')}\n`))
    const db = "SELECT * FROM read_csv('#', all_varchar = true)".replace('#', inFolder('texts.csv'))
    expect(await read(await selected(db, 'texts.csv.zst', 'CSV'))).toEqual(expected)
    expect(expected.texts?.id).toEqual(['007', 'a,b', '03'])
    const lines = [{ id: '2026-01-02', perf_slm: 1, perf_llm: 1, avg_logp: -1 }]
    file('dated-1.jsonl', jsonl(...lines))
    expect((await recordsIn(inFolder('dated-?.jsonl')))[0]).toEqual(lines[0])
  })

  test('a file whose own name looks like a pattern is that file', async () => {
    const rows = [{ id: 'a', perf_slm: 1, perf_llm: 1, avg_logp: -1 }]
    file('w1.jsonl', jsonl({ id: 'another' }))
    expect(await recordsIn(file('w[1].jsonl', jsonl(...rows)))).toEqual(rows)
  })
})

test.skipIf(!hasSharedData).each(['coqa', 'qasper'] as const)(
  'two files of %s are joined as JSONL and as Parquet, and as one of each',
  async (set) => {
    const [first, second] = recorded(set)
    const copy = async (path: string, name: string) =>
      selected(`SELECT * FROM read_json('${path}', sample_size = -1)`, name)
    const [a, b] = [await copy(first, `${set}-a.parquet`), await copy(second, `${set}-b.parquet`)]
    const expected = await read(first, { signalsFile: second })
    expect(await read(a, { signalsFile: b })).toEqual(expected)
    expect(await read(first, { signalsFile: b })).toEqual(expected)
    expect(await read(a, { signalsFile: second })).toEqual(expected)
  },
)

describe('reading rows through DuckDB is refused, naming place, culprit and remedy,', () => {
  afterEach(() => {
    vi.doUnmock('@duckdb/node-api')
    vi.resetModules()
  })
  const row = { id: 'a', perf_slm: 1, perf_llm: 1, avg_logp: -1 }

  test.each<[string, () => Promise<string>, RegExp]>([
    ['of no file', async () => inFolder('none.parquet'), /^bad-input: .*none\.parquet: there is no such file/],
    ['of no file of a pattern', async () => inFolder('none-*.jsonl'), /none-\*\.jsonl: there is no such file/],
    ['by an ending that says nothing', async () => inFolder('none-*.dat'), /^usage: .*its ending does not say/],
    ['of no Parquet', async () => file('text.parquet', jsonl(row)), /text\.parquet: DuckDB cannot read this/],
    [
      'of Parquet without its ending',
      async () => file('text.pq', 'PAR1…'),
      /this is Parquet, which is read .* from files whose names end in \.parquet/,
    ],
    [
      'where a signal is a list',
      () => parquet([row, { ...row, avg_logp: [1] }]),
      /rows \d+'s\.parquet, row 2: avg_logp is \[1\]; a number was expected/,
    ],
    [
      'where a log-probability is above 0',
      () => parquet([row, { ...row, avg_logp: 0.31 }]),
      /rows \d+'s\.parquet, row 2: avg_logp is 0\.31; a log-probability cannot be above 0/,
    ],
    ['without a quality', () => parquet([{ avg_logp: -1 }]), /no column for small\.quality/],
    ['without a row', () => selected('SELECT 1 AS perf_slm WHERE false', 'empty.parquet'), /empty\.parquet: no rows/],
  ])('%s', async (_, path, message) => expect(await refusal(await path())).toMatch(message))

  test('where there are more rows than memory is for, before any is read', async () => {
    const many = await selected(`SELECT -1.0 AS avg_logp FROM range(2000001)`, 'many.parquet')
    const onRows = vi.fn<() => void>()
    expect(await refusal(many, { onRows })).toMatch(
      /^bad-input: .*many\.parquet: more than 2,000,000 rows.*take a sample of whole groups, or let `spillway sweep` sum them up/,
    )
    expect(onRows).not.toHaveBeenCalled()
  })

  test('where DuckDB is not installed', async () => {
    const path = await parquet([row])
    vi.resetModules()
    vi.doMock('@duckdb/node-api', () => {
      throw new Error('Cannot find package')
    })
    const { openRecords: open } = await import('../../../src/data/open.ts')
    await expect(open(path)).rejects.toThrow(/DuckDB, which reads this, needs one more package: npm install @duckdb/)
  })

  test('without showing what is secret in an address', async () => {
    const message = await refusal('s3://key:secret@bucket.invalid/x.parquet?X-Amz-Signature=abcdef')
    expect(message).not.toMatch(/secret|abcdef/)
    expect(message).toContain('s3://bucket.invalid/x.parquet')
  })
})
