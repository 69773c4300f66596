import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Outcomes } from '../../src/core/outcomes/outcomes.ts'
import { lintOutcomes, readOutcomes } from '../../src/data/read-outcomes.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

const nested = [
  {
    id: 'a',
    group: 'g1',
    dataset: 'd',
    small: { answer: 'x', quality: 0.25, cost: 1, signals: { mean_logprob: -0.5 } },
    large: { answer: 'y', quality: 1, cost: 9 },
  },
  {
    id: 'b',
    group: 'g1',
    dataset: 'd',
    small: { answer: 'ü 漢', quality: 1, cost: 2, signals: { mean_logprob: -0.25 } },
    large: { answer: 'z', quality: 0.5, cost: 8 },
  },
]
const flat = nested.map(({ id, group, dataset, small, large }) => ({
  id,
  group,
  dataset,
  slm_pred: small.answer,
  perf_slm: small.quality,
  small_cost: small.cost,
  avg_logp: small.signals.mean_logprob,
  llm_pred: large.answer,
  perf_llm: large.quality,
  'large.cost': large.cost,
}))
const csv = `id,group,dataset,slm_pred,perf_slm,small_cost,avg_logp,llm_pred,perf_llm,large.cost\n${flat.map((row) => Object.values(row).join(',')).join('\r\n')}\n`

const values = (outcomes: Outcomes) => ({
  small: [...outcomes.small.quality],
  large: [...outcomes.large.quality],
  costs: [...outcomes.small.cost!, ...outcomes.large.cost!],
  signals: outcomes.signals.map(({ name, direction, values: list }) => [name, direction, [...list]]),
  groups: [...outcomes.groups.codes],
  datasets: outcomes.datasets,
  texts: outcomes.texts,
})
const expected = {
  small: [0.25, 1],
  large: [1, 0.5],
  costs: [1, 2, 9, 8],
  signals: [['mean_logprob', 'higher', [-0.5, -0.25]]],
  groups: [0, 0],
  datasets: ['d'],
  texts: {
    id: ['a', 'b'],
    question: [undefined, undefined],
    gold: [undefined, undefined],
    small: ['x', 'ü 漢'],
    large: ['y', 'z'],
  },
}

describe('the same outcomes come out of', () => {
  const forms: Record<string, string | Uint8Array> = {
    'nested.jsonl': jsonl(...nested),
    'flat.jsonl': jsonl(...flat),
    'no-last-newline.jsonl': jsonl(...flat).trimEnd(),
    'blank-lines-crlf.jsonl': `\n${jsonl(...flat).replaceAll('\n', '\r\n\r\n')}`,
    'byte-order-mark.jsonl': `\uFEFF${jsonl(...flat)}`,
    'array.json': JSON.stringify(nested, null, 2),
    'packed.jsonl.gz': gzipSync(jsonl(...flat)),
    'packed-under-a-plain-name.json': gzipSync(JSON.stringify(flat)),
    'table.csv': csv,
    'table.csv.gz': gzipSync(csv),
    'table.tsv': csv.replaceAll(',', '\t'),
    'quoted.csv': csv.replace(',x,', ',"x",'),
  }
  for (const [name, content] of Object.entries(forms)) {
    test(name, async () => {
      const outcomes = await readOutcomes(file(name, content), { texts: true })
      expect(values(outcomes)).toEqual(expected)
    })
  }

  test('two files joined by position, and by id in another order', async () => {
    const rows = flat.map(({ avg_logp: _, ...row }) => row)
    const signals = flat.map(({ id, avg_logp }) => ({ id, avg_logp }))
    const main = file('main.jsonl', jsonl(...rows))
    expect(values(await readOutcomes(main, { texts: true, signalsFile: file('s1.jsonl', jsonl(...signals)) }))).toEqual(
      expected,
    )
    const turned = file(
      's2.csv',
      `id,avg_logp\n${signals
        .toReversed()
        .map((row) => `${row.id},${row.avg_logp}`)
        .join('\n')}`,
    )
    expect(values(await readOutcomes(main, { texts: true, signalsFile: turned, join: 'id' }))).toEqual(expected)
  })
})

test('columns of any name are mapped, also nested ones and one for two uses', async () => {
  const rows = [
    { doc: 'a', eval: { f1: 0.5 }, big: 1, sure: 3 },
    { doc: 'a', eval: { f1: 0 }, big: 1, sure: 2 },
  ]
  const outcomes = await readOutcomes(file('map.jsonl', jsonl(...rows)), {
    map: { 'small.quality': 'eval.f1', 'large.quality': 'big', id: 'doc' },
    signals: { sure: 'higher' },
    group: 'doc',
  })
  expect([...outcomes.small.quality]).toEqual([0.5, 0])
  expect(outcomes.signals).toMatchObject([{ name: 'sure', direction: 'higher' }])
  expect(outcomes.groups).toMatchObject({ count: 1, from: 'group' })
})

test('a mapping replaces the column that would have been taken', async () => {
  const outcomes = await readOutcomes(file('over.jsonl', jsonl({ perf_slm: 0, f1: 1, perf_llm: 1, avg_logp: -1 })), {
    map: { 'small.quality': 'f1' },
  })
  expect([...outcomes.small.quality]).toEqual([1])
})

test("Python's bare NaN and Infinity are missing values, not errors, and a NaN inside a text stays", async () => {
  const text =
    '{"perf_slm": 1, "perf_llm": 1, "avg_logp": NaN, "slm_pred": "NaN: Infinity"}\n{"perf_slm": 0, "perf_llm": 1, "avg_logp": -Infinity}\n'
  const { outcomes, findings } = await lintOutcomes(file('nan.jsonl', text), { texts: true })
  expect([...outcomes.signals[0].values]).toEqual([NaN, NaN])
  expect(outcomes.texts!.small[0]).toBe('NaN: Infinity')
  expect(findings.map(({ code }) => code)).toContain('not-finite')
})

test('signals stand under small.signals, under signals, or flat; own ones need only their name', async () => {
  const rows = [{ perf_slm: 0, perf_llm: 1, small: { signals: { mine: 1, theirs: 2 } }, signals: { mean_logprob: -1 } }]
  const outcomes = await readOutcomes(file('where.jsonl', jsonl(...rows)), { signals: { mine: 'higher' } })
  expect(outcomes.signals.map(({ name }) => name)).toEqual(['mine', 'mean_logprob'])
})

test('names that every object inherits are names like any other', async () => {
  const rows = [{ perf_slm: 0, perf_llm: 1, constructor: 3, small: { signals: { toString: 1, mean_logprob: -1 } } }]
  const outcomes = await readOutcomes(file('proto.jsonl', jsonl(...rows)), {
    signals: { constructor: 'lower' } as never,
  })
  expect(outcomes.signals.map(({ name, direction }) => [name, direction])).toEqual([
    ['constructor', 'lower'],
    ['mean_logprob', 'higher'],
  ])
})

test('costs that the user gives need no column, a column without values is none, and no verification costs nothing', async () => {
  const row = {
    perf_slm: 0,
    perf_llm: 1,
    avg_logp: -1,
    small_cost: null as number | null,
    large_cost: null,
    verify_cost: null as number | null,
  }
  const empty = await readOutcomes(file('nocost.jsonl', jsonl(row, row)))
  expect([empty.rows, empty.small.cost, empty.verify]).toEqual([2, undefined, undefined])
  const partly = file('partcost.jsonl', jsonl({ ...row, small_cost: 1, verify_cost: 2 }, row))
  expect((await readOutcomes(partly)).rows).toBe(1)
  const given = await readOutcomes(partly, { givenCosts: ['small'] })
  expect([given.rows, [...given.verify!.cost]]).toEqual([2, [2, 0]])
})

test('a column in a late row is a column', async () => {
  const { outcomes } = await lintOutcomes(
    file(
      'late.jsonl',
      jsonl(
        { perf_slm: 0, perf_llm: 1, small: null },
        { perf_slm: 0, perf_llm: 1, small: { signals: { mean_logprob: -1 } } },
      ),
    ),
  )
  expect([...outcomes.signals[0].values]).toEqual([NaN, -1])
})

test('what spreadsheets write for a missing value is missing', async () => {
  const text = `perf_slm,perf_llm,avg_logp\n${['', 'NA', 'n/a', '#N/A', 'NULL', 'None', 'nan'].map((word) => `1,1,${word}`).join('\n')}\n1,1,-1\n`
  const outcomes = await readOutcomes(file('na.csv', text))
  expect([...outcomes.signals[0].values]).toEqual([...Array.from({ length: 7 }, () => NaN), -1])
})

test('a JSON array on one line may be longer than any line of JSONL', async () => {
  const filler = 'x'.repeat(1 << 20)
  const rows = Array.from({ length: 66 }, () => ({ perf_slm: 0, perf_llm: 1, avg_logp: -1, filler }))
  expect((await readOutcomes(file('long.json', JSON.stringify(rows)))).rows).toBe(66)
  await expect(readOutcomes(file('long.jsonl', `{"a": "${'x'.repeat(66 << 20)}"}\n`))).rejects.toThrow(
    /long\.jsonl: a line of over 64 MiB \(at byte 0\)/,
  )
})

test('true and false are qualities of 1 and 0', async () => {
  const outcomes = await readOutcomes(
    file('bool.csv', 'small_quality,large_quality,mean_logprob\nTrue,true,-1\nFalse,true,\n'),
  )
  expect([...outcomes.small.quality]).toEqual([1, 0])
  expect([...outcomes.signals[0].values]).toEqual([-1, NaN])
})

test('a multi-byte character and a line that straddle every chunk come out whole', async () => {
  const answer = '漢字😀é'.repeat(3000)
  const rows = Array.from({ length: 40 }, (_, i) => ({ perf_slm: 0, perf_llm: 1, avg_logp: -i, slm_pred: answer + i }))
  const outcomes = await readOutcomes(file('wide.jsonl', jsonl(...rows)), { texts: true })
  expect(outcomes.texts!.small).toEqual(rows.map((row) => row.slm_pred))
})

describe('bad input names place, culprit and remedy:', () => {
  const good = { perf_slm: 1, perf_llm: 1, avg_logp: -1 }
  const lines = (count: number) => jsonl(...Array.from({ length: count }, () => good))
  const cases: [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /empty-file.*: the file is empty; expected JSONL/],
    ['white space only', ' \n\n', /the file is empty/],
    [
      'JSON cut off on line 17',
      `${lines(16)}{"perf_slm": 1, "perf_`,
      /:17: not valid JSON \(.*\)\. Is the file cut off here\?/,
    ],
    ['a line that is an array', `${lines(2)}[1]\n`, /:3: a JSON object was expected, this is an array/],
    ['a JSON array of numbers', '[1, 2]', /item 1: a JSON object was expected/],
    ['an empty JSON array', '[]', /no rows/],
    ['a header and nothing else', 'perf_slm,perf_llm,avg_logp\n', /no rows/],
    [
      'a log-probability above 0',
      jsonl(good, { ...good, avg_logp: 0.31 }),
      /:2: avg_logp is 0\.31; a log-probability cannot be above 0\. Is this column a probability/,
    ],
    [
      'a negative entropy',
      jsonl({ ...good, avg_entropy_nats: -0.5 }),
      /:1: avg_entropy_nats is -0\.5; an entropy cannot be negative/,
    ],
    [
      'a quality above 1',
      jsonl(good, { ...good, perf_slm: 85 }, { ...good, perf_slm: 90 }),
      /:2: perf_slm is 85; a quality lies in \[0, 1\].*\(and 1 more row\)/,
    ],
    [
      'a text for a number',
      jsonl(good, good, { ...good, avg_logp: 'low' }),
      /:3: avg_logp is the text "low"; a number was expected/,
    ],
    ['a quoted number', jsonl({ ...good, perf_llm: '0.5' }), /:1: perf_llm is the text "0\.5"; a number was expected/],
    ['a list for a number', jsonl({ ...good, perf_llm: [1] }), /:1: perf_llm is .*; a number was expected/],
    ['a negative cost', jsonl({ ...good, 'small.cost': -1 }), /a cost lies between 0 and 1000000000000000/],
    [
      'no quality column',
      jsonl({ f1: 1, perf_llm: 1, avg_logp: -1 }),
      /no column for small\.quality \(known names: small\.quality, small_quality, perf_slm\)\. Columns found: f1, perf_llm, avg_logp\. Say which with --map small\.quality=COLUMN/,
    ],
    [
      'two columns for one field',
      jsonl({ ...good, small_quality: 0 }),
      /two columns for small\.quality: perf_slm and small_quality; remove one, or pick one with --map small\.quality=perf_slm/,
    ],
    ['a CSV row of another length', 'perf_slm,perf_llm\n1,1\n1,1,1\n', /dat:3: not valid CSV \(/],
    ['two CSV columns of one name', 'a,b,a\n1,2,3\n', /:1: two columns are called "a"/],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x0a), /not UTF-8/],
    ['a spreadsheet', 'PK\u0003\u0004 and so on', /this is a spreadsheet or zip archive; export it as CSV or JSONL/],
    [
      'one indented object',
      JSON.stringify(good, null, 2),
      /:1: not valid JSON .*Expected one JSON object a line, or one array of objects/,
    ],
    ['a broken gzip stream', gzipSync(lines(5000)).subarray(0, 60), /the gzip stream is broken/],
    [
      'qualities that are all missing',
      jsonl({ ...good, perf_slm: null }),
      /dat:1: neither this row nor any other has a number in all of perf_slm, perf_llm/,
    ],
  ]
  for (const [name, content, message] of cases) {
    test(name, async () => {
      await expect(readOutcomes(file(`${name.replaceAll(/\W+/g, '-')}.dat`, content))).rejects.toThrow(message)
    })
  }

  test('several columns at once, each by its first row', async () => {
    const path = file('both.jsonl', jsonl({ ...good, avg_logp: 1 }, { ...good, perf_slm: 2 }))
    await expect(readOutcomes(path)).rejects.toThrow(/:2: perf_slm is 2[^]*:1: avg_logp is 1/)
  })
  test('a missing file and a directory', async () => {
    await expect(readOutcomes(inFolder('absent.jsonl'))).rejects.toThrow(/absent\.jsonl: there is no such file/)
    await expect(readOutcomes(inFolder('.'))).rejects.toThrow(/this is a directory; name a file in it/)
  })
  test('names that no column or field has', async () => {
    const path = file('names.jsonl', jsonl(good))
    await expect(readOutcomes(path, { map: { 'small.quality': 'f2' } })).rejects.toThrow(
      /--map small\.quality=f2: no column f2; columns found: perf_slm/,
    )
    await expect(readOutcomes(path, { map: { quality: 'perf_slm' } })).rejects.toThrow(
      /no field quality; there are id, /,
    )
    await expect(readOutcomes(path, { group: 'doc' })).rejects.toThrow(/--group doc: no column doc/)
    await expect(readOutcomes(path, { signals: { sure: 'higher' } })).rejects.toThrow(/--signal sure: no column sure/)
    await expect(readOutcomes(path, { signals: { mean_entropy: 'higher' } })).rejects.toThrow(
      /lower values are the more certain by definition/,
    )
    await expect(readOutcomes(path, { join: 'id' })).rejects.toThrow(/--join needs a second file/)
  })
})

describe('joining two files', () => {
  const main = (...ids: string[]) => jsonl(...ids.map((id) => ({ id, perf_slm: 0, perf_llm: 1 })))
  const signals = (...ids: string[]) => jsonl(...ids.map((id) => ({ id, avg_logp: -1 })))
  const join = (a: string, b: string, key?: string) =>
    lintOutcomes(file('left.jsonl', a), { signalsFile: file('right.jsonl', b), join: key })

  test('by position needs equal lengths, and says both', async () => {
    await expect(join(main('a', 'b', 'c'), signals('a'))).rejects.toThrow(
      /left\.jsonl has 3 rows, .*right\.jsonl 1: row 2 of .*left\.jsonl has no partner/,
    )
    await expect(join(main('a'), signals('a', 'b'))).rejects.toThrow(
      /has 1 row, .* 2: row 2 of .*right\.jsonl has no partner/,
    )
  })
  test('by position warns where ids differ', async () => {
    const { findings } = await join(main('a', 'b'), signals('b', 'a'))
    expect(findings).toContainEqual(expect.objectContaining({ code: 'ids-differ', rows: 2 }))
  })
  test('by id names an id that stands on one side only', async () => {
    await expect(join(main('a', 'b'), signals('a'), 'id')).rejects.toThrow(
      /left\.jsonl has 2 rows, .* 1: id "b" \(.*left\.jsonl:2\) is not in .*right\.jsonl/,
    )
    await expect(join(main('a'), signals('a', 'x'), 'id')).rejects.toThrow(
      /id "x" \(.*right\.jsonl:2\) is not in .*left\.jsonl/,
    )
  })
  test('by id names an id that stands twice, in either file', async () => {
    await expect(join(main('a', 'a'), signals('a'), 'id')).rejects.toThrow(
      /left\.jsonl:2: id "a" stands here a second time \(first .*left\.jsonl:1\)/,
    )
    await expect(join(main('a'), signals('a', 'a'), 'id')).rejects.toThrow(
      /right\.jsonl:2: id "a" stands here a second time/,
    )
  })
  test('by id refuses numbers that are not exact', async () => {
    const text = '{"id": 9007199254740993, "perf_slm": 0, "perf_llm": 1}\n'
    await expect(join(text, signals('a'), 'id')).rejects.toThrow(/left\.jsonl:1: id is a number beyond 2\^53/)
  })
  test('a signal in both files is one too many', async () => {
    const both = jsonl({ perf_slm: 0, perf_llm: 1, avg_logp: -1 })
    await expect(join(both, both)).rejects.toThrow(/both files have .*; remove it from one of them/)
  })
  test('by id names a row without one', async () => {
    await expect(join(main('a'), jsonl({ avg_logp: -1 }), 'id')).rejects.toThrow(/right\.jsonl:1: no id to join by/)
  })
})
