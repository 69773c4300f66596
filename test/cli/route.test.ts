import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { hasSharedData, recorded, sharedJson } from '../support/shared.ts'

const rows = [
  {
    id: 'a',
    gold_output: 'x',
    slm_pred: 'small a',
    llm_pred: 'large a',
    perf_slm: 1,
    perf_llm: 0.5,
    avg_logp: -0.1,
    avg_entropy_nats: 0.2,
  },
  {
    id: 'b',
    gold_output: 'y',
    slm_pred: 'small b',
    llm_pred: 'large b',
    perf_slm: 0,
    perf_llm: 1,
    avg_logp: -0.5,
    avg_entropy_nats: 0.2,
  },
  {
    id: 'c',
    gold_output: 'z',
    slm_pred: 'small c',
    llm_pred: 'large c',
    perf_slm: 0,
    perf_llm: 1,
    avg_logp: null,
    avg_entropy_nats: 0.2,
  },
]
const parseLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const costs = ['--cost', 'small=1,large=20']

describe('spillway route', () => {
  test("writes the study's fields for every query, and its summary", async () => {
    const { code, stdout, stderr } = await spillway(['route', '-', '--logprob-min=-0.3', ...costs], jsonl(...rows))
    expect(code).toBe(0)
    const routed = parseLines(stdout)
    expect(
      routed.map((row) => [
        row.id,
        row.action,
        row.reason,
        row.model_used,
        row.final_answer,
        row.perf_chosen,
        row.cost,
      ]),
    ).toEqual([
      ['a', 'keep', 'conditions-hold', 'small', 'small a', 1, 1],
      ['b', 'escalate', 'condition-fails', 'large', 'large b', 1, 21],
      ['c', 'escalate', 'missing-signal', 'large', 'large c', 1, 21],
    ])
    expect(routed[0]).toMatchObject({
      logits_threshold: -0.3,
      entropy_threshold: null,
      perf_slm: 1,
      perf_llm: 0.5,
      gold_output: 'x',
      signals: { mean_logprob: -0.1 },
    })
    expect(JSON.parse(stderr.slice(stderr.indexOf('{')))).toMatchObject({
      logits_threshold: -0.3,
      total: 3,
      lm1_count: 1,
      lm2_count: 2,
      avg_perf: 1,
      total_cost: 43,
      missing_signal: 1,
      unstable: true,
    })
  })

  test('takes both thresholds at once, or a policy file, which do the same', async () => {
    const policy = file(
      'policy.json',
      JSON.stringify({
        version: 1,
        keepWhen: [
          { signal: 'mean_logprob', atLeast: -0.5 },
          { signal: 'mean_entropy', atMost: 0.2 },
        ],
      }),
    )
    const [flags, byFile] = await Promise.all([
      spillway(['route', '-', '--logprob-min=-0.5', '--entropy-max', '0.2'], jsonl(...rows)),
      spillway(['route', '-', '--policy', policy], jsonl(...rows)),
    ])
    expect(parseLines(flags.stdout).map((row) => row.action)).toEqual(['keep', 'keep', 'escalate'])
    expect(byFile.stdout).toBe(flags.stdout)
  })

  test('needs no qualities: what they would give is null', async () => {
    const { code, stdout, stderr } = await spillway(
      ['route', '-', '--logprob-min=-0.3'],
      jsonl(...rows.map(({ perf_slm: _, perf_llm: __, ...row }) => row)),
    )
    expect(code).toBe(0)
    expect(parseLines(stdout)[0]).toMatchObject({ action: 'keep', perf_chosen: null })
    expect(JSON.parse(stderr.slice(stderr.indexOf('{')))).toMatchObject({ avg_perf: null, lm1_count: 1 })
  })

  test('writes rows and summary to files, whole or not at all', async () => {
    const [out, summary] = [inFolder('routed.jsonl'), inFolder('summary.json')]
    const { code, stdout } = await spillway(
      ['route', '-', '--logprob-min=-0.3', '--out', out, '--summary', summary, '--quiet'],
      jsonl(...rows),
    )
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(parseLines(readFileSync(out, 'utf8'))).toHaveLength(3)
    expect(JSON.parse(readFileSync(summary, 'utf8')).lm1_count).toBe(1)

    const broken = inFolder('broken.jsonl')
    const policy = file(
      'strict.json',
      '{"version":1,"keepWhen":[{"signal":"mean_logprob","atLeast":-9}],"onMissing":"error"}',
    )
    const failed = await spillway(['route', '-', '--policy', policy, '--out', broken], jsonl(...rows))
    expect(failed.code).toBe(2)
    expect(failed.stderr).toMatch(/spillway: stdin:3: the policy reads mean_logprob, which is missing here/)
    expect(existsSync(broken)).toBe(false)
  })

  test.each([
    [[], /no policy: give --logprob-min X/],
    [['--policy', '/nowhere.json'], /\/nowhere\.json: there is no such file/],
    [['--policy', 'x.json', '--logprob-min=-1'], /--policy stands alone/],
    [['--logprob-min', 'low'], /Expected a number/],
    [['--logprob-min=0.3'], /never above 0, so nothing would be kept/],
    [['--entropy-max=-1'], /never negative, so nothing would be kept/],
    [
      ['--logprob-min=-1', '--out', 'x', '--summary', './x'],
      /x is read, or written, already: it would be written over/,
    ],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await spillway(['route', '-', ...flags], jsonl(...rows))
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  test('refuses a policy on a signal that the data do not have', async () => {
    const policy = file('other.json', '{"version":1,"keepWhen":[{"signal":"p_true","atLeast":0.5}]}')
    const { code, stderr } = await spillway(['route', '-', '--policy', policy], jsonl(...rows))
    expect(stderr).toMatch(
      /the policy reads p_true, which these outcomes do not have; their signals: mean_logprob, mean_entropy/,
    )
    expect(code).toBe(2)
  })
})

test.skipIf(!hasSharedData)(
  "routes the recorded outcomes to the study's summary at each of its thresholds",
  async () => {
    const study = sharedJson('automix/logits_only_sweep_summary_qasper_short.json')
    for (const expected of [study[1], study[6]]) {
      const { stderr } = await spillway([
        'route',
        ...recorded('qasper'),
        `--logprob-min=${expected.logits_threshold}`,
        '--cost',
        'small=1,verify=4,large=20',
        '--verify-cost',
        'always',
      ])
      const summary = JSON.parse(stderr.slice(stderr.indexOf('{')))
      for (const [field, value] of Object.entries(expected)) {
        if (value === null) expect(summary[field]).toBeNull()
        else
          expect(Math.abs(summary[field] - (value as number))).toBeLessThanOrEqual(
            1e-9 * Math.max(1, Math.abs(value as number)),
          )
      }
    }
  },
)
