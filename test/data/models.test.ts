import { describe, expect, test } from 'vitest'
import type { BuildOptions } from '../../src/core/outcomes/mapping.ts'
import type { ModelOutcomes } from '../../src/core/outcomes/outcomes.ts'
import { sourceOf } from '../../src/core/policy/source.ts'
import { lintOutcomes, readOutcomes } from '../../src/data/read-outcomes.ts'
import { file, jsonl } from '../support/files.ts'

/** Three models, the dearest in the middle, one with dots in its name. */
const row = (i: number) => ({
  id: `q${i}`,
  models: {
    'llama-3.1-8b': {
      quality: (i % 5) / 4,
      cost: 2,
      answer: `b${i}`,
      signals: { mean_logprob: -0.5 - (i % 17) / 100, mine: i % 13 },
    },
    'gpt-5': { quality: 1 - (i % 7) / 70, cost: 20 + (i % 3), answer: `c${i}` },
    'llama-1b': {
      quality: (i % 3) / 2,
      cost: 1,
      answer: `a${i}`,
      signals: { mean_logprob: -1 - (i % 19) / 100, mine: i % 11 },
    },
  },
})
const rows = Array.from({ length: 40 }, (_, i) => row(i))
type Row = ReturnType<typeof row>

/** The same rows as flat columns. */
const flatten = (value: object, path = ''): [string, unknown][] =>
  Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null ? flatten(inner, `${path}${key}.`) : [[path + key, inner]],
  )
const csv = (list: readonly object[]): string => {
  const columns = flatten(list[0]).map(([column]) => column)
  return `${[columns, ...list.map((each) => flatten(each).map(([, value]) => value))].map((cells) => cells.join(',')).join('\n')}\n`
}

let files = 0
const read = (text: string, options: BuildOptions = {}) => lintOutcomes(file(`models${files++}.dat`, text), options)
const change = (changed: (model: Row['models'], i: number) => object) =>
  jsonl(...rows.map((each, i) => ({ ...each, models: changed(each.models, i) })))
const without = (name: 'quality' | 'cost' | 'signals', model: Row['models']['gpt-5']) =>
  Object.fromEntries(Object.entries(model).filter(([key]) => key !== name))
const plain = (models: ModelOutcomes[] | undefined) =>
  models?.map(({ name, quality, cost, signals, answers }) => ({
    name,
    quality: [...quality],
    cost: cost && [...cost],
    signals: signals.map((signal) => ({ ...signal, values: [...signal.values] })),
    answers,
  }))

describe('models by name', () => {
  const own = { signals: { mine: 'higher' }, texts: true } as const

  test('come out of nested JSON and of flat columns alike, names with dots included', async () => {
    const [nested, flatJson, flatCsv] = await Promise.all([
      read(jsonl(...rows), own),
      read(jsonl(...rows.map((each) => Object.fromEntries(flatten(each)))), own),
      read(csv(rows), own),
    ])
    expect(plain(nested.outcomes.models)).toEqual([
      {
        name: 'llama-1b',
        quality: rows.map((each) => each.models['llama-1b'].quality),
        cost: rows.map(() => 1),
        answers: rows.map((_, i) => `a${i}`),
        signals: [
          {
            name: 'mean_logprob',
            direction: 'higher',
            unit: 'nats',
            scale: 'logprob',
            values: rows.map((each) => each.models['llama-1b'].signals.mean_logprob),
          },
          {
            name: 'mine',
            direction: 'higher',
            unit: 'none',
            scale: 'unbounded',
            values: rows.map((_, i) => i % 11),
          },
        ],
      },
      expect.objectContaining({ name: 'llama-3.1-8b', cost: rows.map(() => 2) }),
      expect.objectContaining({ name: 'gpt-5', signals: [] }),
    ])
    for (const { outcomes } of [flatJson, flatCsv]) {
      expect(plain(outcomes.models)).toEqual(plain(nested.outcomes.models))
      expect(outcomes.texts).toEqual(nested.outcomes.texts)
    }
  })

  test('are a pair to code that knows two: the first and the last, with the columns of the first', async () => {
    const { outcomes } = await read(jsonl(...rows), own)
    const [first, , last] = outcomes.models!
    expect(outcomes.small.quality).toBe(first.quality)
    expect(outcomes.small.cost).toBe(first.cost)
    expect(outcomes.large.quality).toBe(last.quality)
    expect(outcomes.signals).toBe(first.signals)
    expect(outcomes.names).toEqual({ small: 'llama-1b', large: 'gpt-5' })
    expect([outcomes.texts!.small[3], outcomes.texts!.large[3]]).toEqual(['a3', 'c3'])
  })

  test('are found in columns of any name by --map, whatever the column means elsewhere', async () => {
    const text = 'perf_slm,f1,avg_logp,sure\n0,1,-1,3\n1,1,-2,4\n'
    const { outcomes, findings } = await read(text, {
      map: {
        'models.a.quality': 'perf_slm',
        'models.b.quality': 'f1',
        'models.a.signals.mean_logprob': 'avg_logp',
        'models.a.signals.mine': 'sure',
      },
      signals: { mine: 'lower' },
    })
    expect(outcomes.models!.map(({ name, signals }) => [name, signals.map((signal) => signal.name)])).toEqual([
      ['a', ['mean_logprob', 'mine']],
      ['b', []],
    ])
    expect(findings.map(({ code }) => code)).toEqual(['models-order', 'few-rows'])
  })

  test('may have signals that only the whole path names', async () => {
    const { outcomes } = await read(jsonl(...rows), { signals: { 'models.llama-1b.signals.mine': 'lower' } })
    expect(outcomes.models!.map(({ signals }) => signals.map(({ name }) => name))).toEqual([
      ['mean_logprob', 'mine'],
      ['mean_logprob'],
      [],
    ])
  })

  test('need no qualities where the data are only to be routed', async () => {
    const text = change((models) => ({ ...models, 'gpt-5': without('quality', models['gpt-5']) }))
    const { outcomes } = await read(text, { needsQuality: false })
    expect([...outcomes.large.quality].every(Number.isNaN)).toBe(true)
    await expect(read(text)).rejects.toThrow(
      /no column for models\.gpt-5\.quality \(known names: models\.gpt-5\.quality\).* --map models\.gpt-5\.quality=COLUMN, or leave the model out with --models$/,
    )
  })
})

describe('the order of the models', () => {
  const orderOf = async (text: string, options: BuildOptions = {}) => {
    const { outcomes, findings } = await read(text, options)
    const found = findings.find(({ code }) => code === 'models-order')
    return { order: outcomes.models!.map(({ name }) => name), finding: found && [found.level, found.message] }
  }

  test('is by mean cost where every model has one, and a note says so', async () => {
    expect(await orderOf(jsonl(...rows))).toEqual({
      order: ['llama-1b', 'llama-3.1-8b', 'gpt-5'],
      finding: [
        'note',
        'the models are taken by mean cost, cheapest first: llama-1b, llama-3.1-8b, gpt-5 (another order, or some of them only: --models llama-1b,llama-3.1-8b,gpt-5)',
      ],
    })
  })
  test('is by costs that the user gives, before those of the columns', async () => {
    const { order } = await orderOf(jsonl(...rows), { givenModelCosts: { 'llama-1b': 3 } })
    expect(order).toEqual(['llama-3.1-8b', 'llama-1b', 'gpt-5'])
  })
  test('is that of appearance where a cost is unknown, and the note names whose', async () => {
    const { order, finding } = await orderOf(
      change((models) => ({ ...models, 'gpt-5': without('cost', models['gpt-5']) })),
    )
    expect(order).toEqual(['llama-3.1-8b', 'gpt-5', 'llama-1b'])
    expect(finding![1]).toMatch(/in order of appearance, because no cost is known for gpt-5: llama-3\.1-8b, gpt-5, /)
  })
  test('is that of appearance among models of one cost', async () => {
    const text = change(({ 'gpt-5': g, 'llama-1b': l, 'llama-3.1-8b': b }) => ({
      'llama-3.1-8b': { ...b, cost: 0.1 },
      'gpt-5': { ...g, cost: 0.1 },
      'llama-1b': { ...l, cost: 0.1 },
    }))
    expect((await orderOf(text)).order).toEqual(['llama-3.1-8b', 'gpt-5', 'llama-1b'])
  })
  test('compares mean costs on rows in which all are known', async () => {
    const text = change((models, i) => ({
      ...models,
      'llama-1b': { ...models['llama-1b'], cost: i === 0 ? 3 : i === 1 ? null : 1 },
      'llama-3.1-8b': { ...models['llama-3.1-8b'], cost: i === 1 ? -0 : 1.01 },
    }))
    expect((await orderOf(text)).order).toEqual(['llama-3.1-8b', 'llama-1b', 'gpt-5'])
  })
  test('is what the user says, without a note; models left out are not read', async () => {
    const text = change((models) => ({ ...models, 'gpt-5': { quality: 85, cost: 'much' } }))
    expect(await orderOf(text, { models: ['llama-3.1-8b', 'llama-1b'] })).toEqual({
      order: ['llama-3.1-8b', 'llama-1b'],
      finding: undefined,
    })
  })
})

describe('values of models by name', () => {
  test('are held to their ranges, with the first line', async () => {
    const text = change((models, i) => ({
      ...models,
      'llama-3.1-8b': {
        ...models['llama-3.1-8b'],
        quality: i > 4 ? 85 : 1,
        signals: { mean_logprob: i > 6 ? 0.5 : -1 },
      },
      'gpt-5': { quality: 1, cost: i === 2 ? -1 : 1 },
    }))
    await expect(read(text)).rejects.toThrow(
      /dat:6: models\.llama-3\.1-8b\.quality is 85; a quality lies in \[0, 1\][^]*dat:8: models\.llama-3\.1-8b\.signals\.mean_logprob is 0\.5; a log-probability[^]*dat:3: models\.gpt-5\.cost is -1; a cost lies/,
    )
  })
  test('that are missing are found, and rows without a quality or cost of any model used are left out', async () => {
    const text = change((models, i) => ({
      ...models,
      'llama-3.1-8b': {
        ...models['llama-3.1-8b'],
        quality: i === 3 ? null : 0.5,
        signals: { mean_logprob: i % 8 === 0 ? null : -i },
      },
      'gpt-5': { ...models['gpt-5'], cost: i === 5 ? null : 9, signals: { mean_logprob: i > 0 ? null : -1 } },
    }))
    const { outcomes, findings } = await read(text)
    expect([outcomes.rows, ...outcomes.models!.map(({ quality }) => quality.length)]).toEqual([38, 38, 38, 38])
    expect(outcomes.small.quality).toBe(outcomes.models![0].quality)
    expect(findings.filter(({ code }) => code === 'missing').map(({ column, rows: count }) => [column, count])).toEqual(
      [
        ['models.llama-3.1-8b.quality', 1],
        ['models.llama-3.1-8b.signals.mean_logprob', 5],
        ['models.gpt-5.cost', 1],
      ],
    )
    expect(findings.find(({ rows: count }) => count === 5)!.message).toMatch(
      /in 5 of 40 rows, first .*dat:1; without it a row escalates by default$/,
    )
    const two = await read(text, { models: ['llama-1b', 'gpt-5'] })
    expect(two.outcomes.rows).toBe(39)
  })
  test('that mislead are found in every model but the last', async () => {
    const text = change((models, i) => ({
      ...models,
      'llama-3.1-8b': {
        ...models['llama-3.1-8b'],
        signals: { mean_logprob: -1, mean_entropy: i, mean_entropy_bits: i },
      },
      'gpt-5': { ...models['gpt-5'], signals: { mean_logprob: -1 } },
    }))
    const { findings } = await read(text)
    expect(findings.filter(({ level }) => level === 'warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^mean_logprob of llama-3\.1-8b has the same value everywhere/),
      expect.stringMatching(
        /^mean_entropy_bits of llama-3\.1-8b is not mean_entropy \/ ln 2 in 39 rows, first .*dat:2/,
      ),
    ])
  })
  test('that nothing uses are named, with signals that stand outside any model', async () => {
    const text = jsonl(...rows.map((each, i) => ({ ...each, avg_logp: -1, 'models.gpt-5.latency': i })))
    const { outcomes, findings } = await read(text)
    expect(outcomes.signals.map(({ name }) => name)).toEqual(['mean_logprob'])
    expect(findings.find(({ code }) => code === 'unused-columns')!.message).toMatch(
      /: models\.llama-3\.1-8b\.signals\.mine, models\.llama-1b\.signals\.mine, models\.gpt-5\.latency, avg_logp \(as a signal: --map models\.llama-1b\.signals\.NAME=models/,
    )
  })
})

describe('costs by the names of models', () => {
  test('take the place of their columns, which are not read', async () => {
    const text = change((models) => ({ ...models, 'gpt-5': { quality: 1, cost: 'much' } }))
    const { outcomes } = await read(text, { givenModelCosts: { 'gpt-5': 50, small: 0.5 } })
    expect(outcomes.models!.map(({ cost }) => cost![7])).toEqual([0.5, 2, 50])
    expect([outcomes.small.cost![0], outcomes.large.cost![0]]).toEqual([0.5, 50])
  })
  test('given as those of small and large are the first and the last ones, and fill gaps', async () => {
    const text = change((models, i) => ({ ...models, 'gpt-5': { quality: 1, cost: i < 9 ? null : 20 } }))
    const { outcomes, findings } = await read(text, { givenModelCosts: { large: 30 } })
    expect([outcomes.rows, outcomes.models![2].cost![0]]).toEqual([40, 30])
    expect(findings.map(({ code }) => code)).not.toContain('missing')
  })
  test('are refused for a model that is not there, twice for one, and where they can be none', async () => {
    const text = jsonl(...rows)
    await expect(read(text, { givenModelCosts: { 'llama-8b': 2 } })).rejects.toThrow(
      '--cost llama-8b=2: no model llama-8b; there are llama-3.1-8b, gpt-5, llama-1b, small, verify and large',
    )
    await expect(read(text, { givenModelCosts: { small: 2, 'llama-1b': 1 } })).rejects.toThrow(
      '--cost small=2,llama-1b=1: llama-1b is the small model; give its cost once',
    )
    await expect(read(text, { givenModelCosts: { 'gpt-5': -2 } })).rejects.toThrow('cost of gpt-5 is -2; a cost lies')
  })
  test('called small and large are those of the models called so, which must stand at the ends', async () => {
    const sized = jsonl(
      ...rows.map(({ models }) => ({
        models: { large: models['gpt-5'], medium: models['llama-3.1-8b'], small: models['llama-1b'] },
      })),
    )
    const given = { small: 1, medium: 5, large: 9 }
    const { outcomes } = await read(sized, { givenModelCosts: given })
    expect(outcomes.models!.map(({ name, cost }) => [name, cost![0]])).toEqual(Object.entries(given))
    await expect(read(sized, { givenModelCosts: given, models: ['medium', 'large'] })).rejects.toThrow(
      '--cost small=1: the model called small is not the first one, which is medium; put it there with --models',
    )
  })
  test('are taken of a small and a large model too, where the data name them', async () => {
    const pair = { perf_slm: 0, perf_llm: 1, avg_logp: -1, small_model: 'tiny', large_model: 'huge', large_cost: -1 }
    const { outcomes } = await read(jsonl(pair), { givenModelCosts: { tiny: 1, huge: 9 } })
    expect([outcomes.small.cost, outcomes.large.cost]).toEqual([Float64Array.of(1), Float64Array.of(9)])
    await expect(read(jsonl(pair), { givenModelCosts: { big: 1 } })).rejects.toThrow(
      '--cost big=1: no model big; there are tiny, huge, small, verify and large',
    )
    await expect(
      read(jsonl({ perf_slm: 0, perf_llm: 1, avg_logp: -1 }), { givenModelCosts: { big: 1 } }),
    ).rejects.toThrow('--cost big=1: no model big; there are small, verify and large')
  })
})

describe('what cannot be read as models names the culprit and the remedy:', () => {
  const text = jsonl(...rows)
  const pair = { perf_slm: 0, perf_llm: 1, avg_logp: -1 }
  const cases: [string, string, BuildOptions, RegExp][] = [
    [
      'both shapes in one file',
      jsonl({ ...row(0), small_quality: 1 }),
      {},
      /dat: small_quality \(of a small and a large model\) and models\.llama-3\.1-8b\.quality \(of models by name\) in one table; remove one of the two shapes/,
    ],
    [
      '--models on a small and a large model',
      jsonl(pair),
      { models: ['a', 'b'] },
      /^--models a,b: .*dat holds no models by name; it needs columns such as models\.a\.quality/,
    ],
    [
      'a name that is not there',
      text,
      { models: ['llama-1b', 'gpt-6'] },
      /^--models llama-1b,gpt-6: no model gpt-6 in .*dat; models found: llama-3\.1-8b, gpt-5, llama-1b$/,
    ],
    ['a name given twice', text, { models: ['gpt-5', 'gpt-5'] }, /^--models gpt-5,gpt-5: gpt-5 is named twice$/],
    ['one name only', text, { models: ['gpt-5'] }, /^--models gpt-5: a cascade takes two models or more; models found/],
    ['one model only', jsonl({ models: { a: { quality: 1 } } }), {}, /dat: a is the only model; a cascade takes two/],
    [
      'no signal of the first model',
      text,
      { models: ['gpt-5', 'llama-1b'] },
      /dat: no signal of gpt-5, the first of gpt-5, llama-1b; a column becomes one with --map models\.gpt-5\.signals\.NAME=COLUMN\. Columns found: id, /,
    ],
    [
      'a signal that the user asks for and that is no model’s',
      jsonl({ ...row(0), sure: 1 }),
      { signals: { sure: 'higher' } },
      /dat: sure stands outside any model, so nobody knows whose signal it is; say so with --map models\.llama-3\.1-8b\.signals\.sure=sure$/,
    ],
    ['a signal that is nowhere', text, { signals: { sure: 'higher' } }, /--signal sure: no column sure; columns found/],
    [
      'a known direction turned round',
      text,
      { signals: { 'models.gpt-5.signals.mean_logprob': 'lower' } },
      /of mean_logprob, higher values are the more certain by definition/,
    ],
    [
      'two columns for one field',
      jsonl({ ...row(0), 'models.gpt-5.quality': 1 }),
      {},
      /two columns for models\.gpt-5\.quality: models\.gpt-5\.quality and models\.gpt-5\.quality; remove one/,
    ],
  ]
  test.each(cases)('%s', async (_, content, options, message) => {
    await expect(read(content, options)).rejects.toThrow(message)
  })
})

describe('what should be the same in every row', () => {
  const pair = { perf_slm: 0, perf_llm: 1, avg_logp: -1 }

  test('names the models, nested or flat; rows that say nothing do not count', async () => {
    const nested = { ...pair, small: { model: 'a', top_k: 5 }, large: { model: 'b' } }
    const { outcomes } = await read(jsonl(pair, nested, nested))
    expect([outcomes.names, outcomes.topK]).toEqual([{ small: 'a', large: 'b' }, 5])
    const flat = await read('perf_slm,perf_llm,avg_logp,small_model,large_model,top_logprobs\n0,1,-1,a,b,20\n')
    expect([flat.outcomes.names, flat.outcomes.topK]).toEqual([{ small: 'a', large: 'b' }, 20])
    const none = await read(jsonl(pair))
    expect([none.outcomes.names, none.outcomes.topK]).toEqual([undefined, undefined])
  })
  test('is no name where large models differ, since nothing is measured on their answers', async () => {
    const { outcomes } = await read(jsonl({ ...pair, large_model: 'a' }, { ...pair, large_model: 'b' }))
    expect(outcomes.names).toBeUndefined()
  })
  test('is the small model: signals of two are not comparable', async () => {
    const text = jsonl(pair, { ...pair, small_model: 'a' }, { ...pair, small_model: 'b' })
    await expect(read(text)).rejects.toThrow(
      /dat:3: small_model is b, but a at .*dat:2; signals of different models are not comparable: give each small model/,
    )
  })
  test('is the number of alternatives: signals of two are not comparable', async () => {
    const text = jsonl({ ...pair, top_k: 5 }, pair, { ...pair, top_k: 20 })
    await expect(read(text)).rejects.toThrow(
      /dat:3: top_k is 20, but 5 at .*dat:1; signals of different k are not comparable: give each k a file of its own, or say with --map small\.top_k=COLUMN/,
    )
    await expect(read(jsonl({ ...pair, small_top_k: 0 }))).rejects.toThrow(/small_top_k is 0; there is at least one/)
  })
  test('is a temperature, which policies remember; of two it is none', async () => {
    const same = await read(jsonl({ ...pair, small_temperature: 0.7 }, pair, { ...pair, small_temperature: 0.7 }))
    expect(same.outcomes.temperature).toBe(0.7)
    expect(sourceOf(same.outcomes, 'mean_logprob').temperature).toBe(0.7)
    const two = await read(jsonl({ ...pair, small_temperature: 0 }, { ...pair, small_temperature: 1 }))
    expect(two.outcomes.temperature).toBeUndefined()
    await expect(read(jsonl({ ...pair, small_temperature: -1 }))).rejects.toThrow(/a temperature is never below 0/)
  })
  test('is not looked for where top_logprobs holds the alternatives themselves', async () => {
    const { outcomes } = await read(jsonl({ ...pair, top_logprobs: null }, { ...pair, top_logprobs: [{ a: -1 }] }))
    expect(outcomes.topK).toBeUndefined()
  })
  test('is one number for all models by name', async () => {
    const outcomes = await readOutcomes(file('k.jsonl', jsonl(...rows.map((each) => ({ ...each, top_k: 5 })))))
    expect(outcomes.topK).toBe(5)
  })
})

test('a column called models that holds something else is left alone', async () => {
  const pair = { perf_slm: 0, perf_llm: 1, avg_logp: -1 }
  for (const models of ['a and b', ['a', 'b'], { small: 'a', large: 'b' }, null, 2])
    expect((await read(jsonl({ ...pair, models }))).outcomes.models).toBeUndefined()
})
