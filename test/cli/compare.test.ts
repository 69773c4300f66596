import { describe, expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { file } from '../support/files.ts'
import { hasSharedData, recorded } from '../support/shared.ts'
import { threeModels } from '../support/models.ts'
import { simulatedFile } from '../support/simulate-outcomes.ts'

const simulated = simulatedFile()
const compare = (...args: string[]) =>
  spillway(['compare', simulated, '--cost', 'small=1,large=20', '--resamples', '400', ...args])

test('the table answers in words and shows every figure with its interval', async () => {
  const { code, stdout, stderr } = await compare('--policies', 'threshold,learned')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Is \w+ better than length at equal cost\? Yes: \+[\d.]+ points \[\+[\d.]+, \+[\d.]+\]\.$/m)
  expect(stdout).toMatch(/better than the best single threshold \(\w+\)\? (Not established|Yes|No, it is worse): /)
  expect(stdout).toMatch(/^\(oracle\) /m)
  expect(stdout).toMatch(/^mean_logprob +0\.\d{4} \[0\.\d{4}, 0\.\d{4}\]/m)
})

test('JSON holds the curves with bands that lie outside the intervals of single points', async () => {
  const { stdout } = await compare('--policies', 'mean_logprob', '--json')
  const { signals, policies, references } = JSON.parse(stdout)
  expect(policies).toHaveLength(1)
  expect(Object.keys(references)).toEqual(['keep_all', 'escalate_all', 'random', 'oracle'])
  const [{ curve }] = signals
  expect(curve.length).toBeGreaterThan(50)
  for (const { quality } of curve) {
    expect(quality.band_low).toBeLessThanOrEqual(quality.value)
    expect(quality.band_high).toBeGreaterThanOrEqual(quality.value)
  }
  const width = (low: string, high: string) =>
    curve.reduce(
      (total: number, { quality }: { quality: Record<string, number> }) => total + quality[high] - quality[low],
      0,
    )
  expect(width('band_low', 'band_high')).toBeGreaterThan(width('low', 'high'))
})

test('CSV has a line for every signal, policy and reference, under one head', async () => {
  const { stdout } = await compare('--policies', 'threshold', '--csv')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  expect(new Set(lines.map((cells) => cells.length)).size).toBe(1)
  const kinds = lines.slice(1).map(([kind]) => kind)
  expect(new Set(kinds)).toEqual(new Set(['curve', 'threshold', 'reference']))
})

test('Markdown has the two tables and the answers', async () => {
  const { stdout } = await compare('--policies', 'threshold', '--markdown')
  expect(stdout).toMatch(/^\| signal \| quality at equal cost \|/m)
  expect(stdout).toMatch(/^\| policy \| in sample \| quality \|/m)
  expect(stdout).toMatch(/^- Is /m)
})

test('it is the same again from the same seed', async () => {
  const run = async () => (await compare('--policies', 'threshold', '--seed', '5', '--csv')).stdout
  expect(await run()).toBe(await run())
})

describe('more than two models', () => {
  const data = file('three.jsonl', threeModels(400))
  test('chains are held against the best pair at each price', async () => {
    const { code, stdout } = await spillway(['compare', data, '--policies', 'threshold', '--resamples', '300'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^price λ +pair/m)
    expect(stdout).toMatch(/Is a longer chain better than the best pair at a price of [\d.]+\?/)
  })
  test('a model without a cost is named', async () => {
    const { code, stderr } = await spillway([
      'compare',
      file('free.jsonl', threeModels(40, false)),
      '--policies',
      'threshold',
    ])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/no cost known for \w+.*--cost \w+=/)])
  })
})

test.each<[string, string[], RegExp]>([
  ['two formats', ['--json', '--csv'], /cannot be used with/],
  ['no folds', ['--folds', '1'], /at least two/],
  ['a bad confidence', ['--confidence', '1'], /between 0 and 1/],
])('%s is a mistake', async (_, flags, message) => {
  const { code, stderr } = await compare(...flags)
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})

describe.skipIf(!hasSharedData)('on the recorded sets, grouped by id', () => {
  test.each(['coqa', 'qasper'] as const)(
    '%s: verification is worse than log-probability at equal cost',
    async (set) => {
      const { stdout } = await spillway([
        'compare',
        ...recorded(set),
        '--group',
        'id',
        '--cost',
        'small=1,verify=4,large=20',
        '--policies',
        'threshold',
        '--json',
      ])
      const result = JSON.parse(stdout)
      const verification = result.signals.find((each: { signal: string }) => each.signal === 'self_verification')
      expect(verification.against_best.cascade_routing_auc).toMatchObject({ verdict: 'second' })
      expect(result.groups.effective).toBeLessThan(result.groups.count)
    },
  )
})
