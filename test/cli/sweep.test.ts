import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import pc from 'picocolors'
import { sweep } from '../../src/core/sweep.ts'
import { readOutcomes } from '../../src/data/read-outcomes.ts'
import { sweepText } from '../../src/report/terminal.ts'
import { mainPath, spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { hasSharedData, recorded, sharedJson } from '../support/shared.ts'

const rows = Array.from({ length: 80 }, (_, i) => ({
  id: `q${i}`,
  perf_slm: Number(i % 3 !== 0 || i > 60),
  perf_llm: Number(i % 11 !== 0),
  avg_logp: -((i * 37) % 80) / 50,
  avg_entropy_nats: ((i * 37) % 80) / 40 + (i % 7) / 10,
}))
const data = jsonl(...rows)
const records = (csv: string) => parse<Record<string, string>>(csv, { columns: true })
const costs = ['--cost', 'small=1,large=20']

describe('spillway sweep', () => {
  test('prints a table, the best signal first, and the references', async () => {
    const { code, stdout, stderr } = await spillway(['sweep', file('a.jsonl', data), ...costs])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const line of [
      /^keep all +100\.0 %/m,
      /^escalate all +0\.0 %/m,
      /^random half/m,
      /^oracle/m,
      /^mean_logprob +higher +80/m,
    ])
      expect(stdout).toMatch(line)
    expect(stdout).not.toContain('\u001B')
  })

  test('reads standard input, and prints the same as from the file', async () => {
    const path = file('b.jsonl', data)
    const [fromFile, fromInput] = await Promise.all([
      spillway(['sweep', path, '--csv', ...costs]),
      spillway(['sweep', '-', '--csv', ...costs], data),
    ])
    expect(fromInput.code).toBe(0)
    expect(fromInput.stdout).toBe(fromFile.stdout)
  })

  test('JSON, CSV and the files of --out hold the same points', async () => {
    const path = file('c.jsonl', data)
    const out = inFolder('out')
    const [asJson, asCsv] = await Promise.all([
      spillway(['sweep', path, '--json', '--joint', 'mean_logprob,mean_entropy', ...costs, '--out', out]),
      spillway(['sweep', path, '--csv', '--joint', 'mean_logprob,mean_entropy', ...costs]),
    ])
    const result = JSON.parse(asJson.stdout)
    expect(JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8'))).toEqual(result)
    expect(readFileSync(join(out, 'points.csv'), 'utf8')).toBe(asCsv.stdout)
    const points = records(asCsv.stdout)
    for (const { signal, points: list } of result.signals) {
      const lines = points.filter((point) => point.policy === signal)
      expect(lines.map((line) => Number(line.quality))).toEqual(list.map((point: { quality: number }) => point.quality))
      expect(lines.map((line) => line.threshold)).toEqual(
        list.map((point: { threshold: number | null }) => String(point.threshold ?? '')),
      )
    }
    expect(points.filter((point) => point.policy === 'mean_logprob & mean_entropy')).toHaveLength(
      result.joint[0].frontier.length,
    )
    expect(points.slice(0, 4).map((point) => point.policy)).toEqual([
      'keep_all',
      'escalate_all',
      'random_half',
      'oracle_best',
    ])
    expect(readdirSync(out).toSorted()).toEqual(['findings.csv', 'points.csv', 'signals.csv', 'sweep.json'])
  })

  test('no number is NaN or Infinity in JSON: what has no value is null', async () => {
    const equal = jsonl(...rows.map((row) => ({ ...row, perf_slm: 0.5, perf_llm: 0.5, avg_logp: -1 })))
    const { stdout, code } = await spillway(['sweep', '-', '--json', ...costs], equal)
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/NaN|Infinity/)
    const [signal] = JSON.parse(stdout).signals
    expect(signal.metrics).toMatchObject({ apgr: null, auroc_wrong: null })
    expect(signal.points[1]).toMatchObject({ always: 'escalate', quality_gap_recovered: null, delta_ibc_cascade: null })
  })

  test('warnings are part of every format, and errors with --strict', async () => {
    const path = file('warn.jsonl', jsonl(...rows.map((row) => ({ ...row, slm_pred: 'a', generated_text: 'b' }))))
    const [text, asJson, asCsv, strict] = await Promise.all(
      [[], ['--json'], ['--csv'], ['--strict']].map((flags) => spillway(['sweep', path, ...costs, ...flags])),
    )
    expect(text.stdout).toContain('warning: the signals were measured on another text')
    expect(JSON.parse(asJson.stdout).findings).toMatchObject([{ level: 'warning', code: 'other-text', rows: 80 }])
    expect(asJson.stderr).toContain('another text')
    expect(records(asCsv.stdout)[0].warnings).toBe('other-text')
    expect(strict).toMatchObject({ code: 2, stdout: '' })
    expect(strict.stderr).toMatch(/another text[^]*because of --strict/)
  })

  test('picks a point for a target', async () => {
    const { stdout } = await spillway(['sweep', '-', '--json', '--min-quality', '0.85', ...costs], data)
    const { signals } = JSON.parse(stdout)
    for (const { selected, points } of signals) {
      const cheapest = Math.min(
        ...points
          .filter((point: { quality: number }) => point.quality >= 0.85)
          .map((point: { cost: number }) => point.cost),
      )
      expect(selected.cost).toBe(cheapest)
      expect(selected.policy.version).toBe(1)
    }
  })

  test('one row and a constant signal work, with a warning', async () => {
    const one = await spillway(['sweep', '-', ...costs], jsonl(rows[0]))
    expect(one.code).toBe(0)
    expect(one.stdout).toContain('warning: only 1 row')
    const constant = await spillway(
      ['sweep', '-', ...costs],
      jsonl(...rows.map(({ avg_entropy_nats: _, ...row }) => ({ ...row, avg_logp: -1 }))),
    )
    expect(constant.code).toBe(0)
    expect(constant.stdout).toContain('mean_logprob has the same value everywhere')
  })

  test('costs come from the data where no flag gives them, and are never guessed', async () => {
    const priced = jsonl(...rows.map((row) => ({ ...row, cost_slm: 0.001, cost_llm: 0.02 })))
    const result = JSON.parse((await spillway(['sweep', '-', '--json'], priced)).stdout)
    expect(result.costs).toMatchObject({ small: 'per row', large: 'per row' })
    expect(result.baselines.cascade.cost_large).toBeCloseTo(0.021, 12)
    const counted = await spillway(['sweep', '-'], data)
    expect(counted.stdout).toContain('Cost counts calls of the large model')
    const half = await spillway(['sweep', '-', '--cost', 'small=1'], data)
    expect(half).toMatchObject({ code: 2, stdout: '' })
    expect(half.stderr).toContain('no cost known for the large model; give --cost large=')
  })
})

describe('mistakes of the user end with one clear sentence and exit code 2:', () => {
  const path = () => file('good.jsonl', data)
  const cases: [string, () => string[], RegExp][] = [
    ['a missing file', () => ['sweep', inFolder('none.jsonl')], /^spillway: .*none\.jsonl: there is no such file\n$/],
    ['a directory', () => ['sweep', inFolder('.')], /^spillway: .*: this is a directory; name a file in it\n$/],
    ['an empty file', () => ['sweep', file('empty.jsonl', '')], /^spillway: .*empty\.jsonl: the file is empty; .*\n$/],
    [
      'truncated JSON on line 17',
      () => ['sweep', file('cut.jsonl', data.split('\n').slice(0, 16).join('\n') + '\n{"perf_slm": 1, "pe')],
      /^spillway: .*cut\.jsonl:17: not valid JSON .*cut off here\?\n$/,
    ],
    [
      'two files of different length',
      () => [
        'sweep',
        path(),
        file('short.jsonl', jsonl(...rows.slice(0, 79).map(({ avg_logp }) => ({ first_logprob: avg_logp })))),
      ],
      /^spillway: .*good\.jsonl has 80 rows, .*short\.jsonl 79: row 80 .*\n$/,
    ],
    [
      'a wrong column',
      () => ['sweep', path(), '--map', 'small.quality=f1'],
      /^spillway: .*no column f1; columns found: id, perf_slm.*\n$/,
    ],
    [
      'all signals missing',
      () => [
        'sweep',
        file('nosig.jsonl', jsonl(...rows.map((row) => ({ ...row, avg_logp: null, avg_entropy_nats: null })))),
      ],
      /^spillway: no row has a value for any signal \(mean_logprob, mean_entropy\).*\n$/,
    ],
    [
      'no signal column',
      () => ['sweep', file('bare.jsonl', jsonl({ perf_slm: 1, perf_llm: 1, sure: 2 }))],
      /^spillway: .*no signal among the columns; .*--signal sure:higher.*\n$/,
    ],
    [
      'an unknown signal in --joint',
      () => ['sweep', path(), '--joint', 'mean_logprob,p_false'],
      /^spillway: no signal p_false; the data have: /,
    ],
    [
      'an unknown flag',
      () => ['sweep', path(), '--grids', 'exact'],
      /unknown option '--grids'[^]*Did you mean --grid\?/,
    ],
    ['an unknown command', () => ['sweeep'], /unknown command 'sweeep'[^]*Did you mean sweep\?/],
    ['no file', () => ['sweep'], /missing required argument 'file'/],
    ['a cost that is no number', () => ['sweep', path(), '--cost', 'small=cheap,large=1'], /Expected a number/],
    [
      'a cost given twice',
      () => ['sweep', path(), '--cost', 'small=1,small=2,large=3'],
      /cost of small is given twice/,
    ],
    ['a quality in percent', () => ['sweep', path(), '--min-quality', '80'], /A quality lies in \[0, 1\]/],
    [
      'a known direction turned round',
      () => ['sweep', path(), '--signal', 'avg_logp:lower'],
      /of mean_logprob, higher values are the more certain/,
    ],
    [
      'a text column as a signal',
      () => ['sweep', path(), '--signal', 'id:higher'],
      /:1: id is the text "q0"; a number was expected/,
    ],
    ['a negative cost', () => ['sweep', path(), '--cost', 'small=-1,large=1'], /cost of small is -1/],
    [
      'a file where --out wants a folder',
      () => ['sweep', path(), '--out', path()],
      /cannot be written \((EEXIST|ENOTDIR)\)/,
    ],
  ]
  test.each(cases)('%s', async (_, args, message) => {
    const { code, stderr } = await spillway(args())
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
  })
})

describe.skipIf(!hasSharedData)('--preset automix-study', () => {
  test.each(['qasper', 'coqa'] as const)("writes the study's three summaries of %s, to 1e-9", async (set) => {
    const out = inFolder(`study-${set}`)
    const { code, stderr } = await spillway(['sweep', ...recorded(set), '--preset', 'automix-study', '--out', out])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    for (const kind of ['logits_only_sweep_summary', 'entropy_only_sweep_summary', 'threshold_sweep_summary']) {
      const name = `${kind}_${set}_short.json`
      const [ours, study] = [JSON.parse(readFileSync(join(out, name), 'utf8')), sharedJson(`automix/${name}`)]
      expect(ours).toHaveLength(study.length)
      for (const [i, row] of study.entries()) {
        expect(Object.keys(ours[i])).toEqual(Object.keys(row))
        for (const [field, value] of Object.entries(row)) {
          if (value === null) expect(ours[i][field]).toBeNull()
          else
            expect(Math.abs(ours[i][field] - (value as number))).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(value as number)),
            )
        }
      }
    }
    expect(existsSync(join(out, 'sweep.json'))).toBe(true)
  })
})

test.each([
  ['--csv', /^policy,threshold,.*\n$/],
  ['--json', /^\{\n$/],
])('%s output that nobody reads to its end is no error', async (flag, head) => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...rows[i % 80], id: `r${i}`, avg_logp: -i / 5000 }))
  const script = '"$0" "$1" sweep "$2" "$3" --quiet | head -1; exit "${PIPESTATUS[0]}"'
  const child = spawn('bash', ['-c', script, process.execPath, mainPath, file('pipe.jsonl', jsonl(...many)), flag])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(head)
})

test('a table on a narrow terminal leaves out its least important columns', async () => {
  const outcomes = await readOutcomes(file('narrow.jsonl', data))
  const result = sweep(outcomes, { costs: { small: 1, large: 20 } })
  const view = { colors: pc.createColors(false), width: 80 }
  const text = sweepText(result, [], { files: ['narrow.jsonl'], datasets: ['narrow'] }, view)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('thresholds in the table keep the rows that their line says', async () => {
  const close = jsonl(
    ...Array.from({ length: 300 }, (_, i) => ({ ...rows[i % 80], id: `r${i}`, avg_logp: -0.3 - i * 1e-9 })),
  )
  const { stdout } = await spillway(['sweep', '-', '--grid', 'quantile:5', ...costs], close)
  const lines = stdout.split('\n')
  const start = lines.findIndex((line) => line.startsWith('mean_logprob:'))
  for (const line of lines.slice(start + 3, start + 7)) {
    const [threshold, , , escalated] = line.trim().split(/\s+/)
    const routed = await spillway(['route', '-', `--logprob-min=${threshold}`], close)
    expect(JSON.parse(routed.stderr.slice(routed.stderr.indexOf('{'))).lm2_count).toBe(Number(escalated))
  }
})

test('every data set gets its own study files, also where names differ only in what a file name cannot hold', async () => {
  const sets = ['a/b', 'a b', '../c', 'none'].flatMap((dataset) =>
    rows.map((row) => ({
      ...row,
      dataset,
      avg_logp: dataset === 'none' ? null : row.avg_logp,
      avg_entropy_nats: null,
    })),
  )
  const out = inFolder('sets')
  const { code, stderr } = await spillway(['sweep', '-', '--preset', 'automix-study', '--out', out], jsonl(...sets))
  expect(code).toBe(0)
  expect(stderr).toContain('no summary of none: no signal has a value there')
  const written = readdirSync(out).filter((name) => name.startsWith('logits'))
  const names = ['a_b', 'a_b_2', '__c'].map((name) => `logits_only_sweep_summary_${name}.json`)
  expect(written.toSorted()).toEqual(names.toSorted())
})
