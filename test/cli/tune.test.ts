import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../src/core/policy/parse.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { threeModels } from '../support/models.ts'
import { hasSharedData, recorded } from '../support/shared.ts'
import { simulatedFile } from '../support/simulate-outcomes.ts'

const simulated = simulatedFile()
const costs = ['--cost', 'small=1,large=20']
const tune = (...args: string[]) => spillway(['tune', simulated, ...costs, ...args])

describe('a promise that the data can hold', () => {
  test('is written as a policy that route replays, with what was promised and what to expect', async () => {
    const out = inFolder('certified.json')
    const { code, stdout, stderr } = await tune('--max-quality-loss', '0.1', '--out', out)
    expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${out}\n` })
    expect(stdout).toMatch(
      /^Certified: keep when \w+ >= -?[\d.]+\. With 90\.0 % confidence, mean quality at most 0\.1 below/m,
    )
    expect(stdout).toMatch(/299 groups \(by group, worth 259 of equal size\)/)
    expect(stdout).toMatch(/in sample +quality held out/)
    const policy = parsePolicy(readFileSync(out, 'utf8'), out)
    expect(policy).toMatchObject({
      provenance: {
        tuned_on: [{ file: 'simulated-outcomes.jsonl', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        rows: 1500,
        groups: 299,
        seed: 1,
        target: { max_quality_loss: 0.1 },
        confidence: 0.9,
        certified: { method: 'betting', delta: 0.1 },
        costs: { small: 1, large: 20 },
      },
    })
    const routed = await spillway(['route', simulated, ...costs, '--policy', out, '--out', inFolder('routed.jsonl')])
    expect(routed.code).toBe(0)
    const { lm1_ratio: kept } = JSON.parse(routed.stderr.slice(routed.stderr.indexOf('{'))) as { lm1_ratio: number }
    const { expected } = policy.provenance as { expected: { kept_share: { interval: [number, number] } } }
    const [low, high] = expected.kept_share.interval
    expect(kept).toBeGreaterThan(low - 0.1)
    expect(kept).toBeLessThan(high + 0.1)
  })

  test('is the same again from the same seed, and another split from another', async () => {
    const run = async (seed: string) => (await tune('--max-quality-loss', '0.1', '--seed', seed, '--json')).stdout
    const [first, again, other] = await Promise.all([run('7'), run('7'), run('8')])
    expect(again).toBe(first)
    expect(JSON.parse(other).candidates[0].held_out.quality).not.toEqual(
      JSON.parse(first).candidates[0].held_out.quality,
    )
  })

  test('says in JSON what was tested, how, and what it gives on rows that had no part in it', async () => {
    const { stdout, code } = await tune(
      '--max-quality-loss',
      '0.15',
      '--json',
      '--policies',
      'threshold',
      '--certify',
      'each',
    )
    expect(code).toBe(0)
    const result = JSON.parse(stdout)
    expect(result.parts.select.groups + result.parts.certify.groups + result.parts.report.groups).toBe(299)
    for (const { certification, held_out: heldOut, selected } of result.candidates) {
      expect(certification.delta).toBeCloseTo(0.1 / result.candidates.length, 12)
      expect(certification.method).toBe('betting')
      if (certification.certified)
        expect(certification.tests.filter((each: { passed: boolean }) => each.passed).at(-1).policy).toEqual(
          selected.policy,
        )
      expect(heldOut.quality.low).toBeLessThanOrEqual(heldOut.quality.value)
      expect(heldOut.quality.high).toBeGreaterThanOrEqual(heldOut.quality.value)
    }
    expect(result.candidates.map((each: { name: string }) => each.name)).toContain(result.chosen)
  })
})

test('what is maximised is chosen on two parts and reported on the third, without a certificate', async () => {
  for (const what of ['delta-ibc', 'quality-minus-cost:0.01']) {
    const { code, stdout } = await tune('--maximize', what, '--json', '--policies', 'threshold')
    const result = JSON.parse(stdout)
    expect([code, result.chosen === null, result.parts.certify]).toEqual([0, false, undefined])
    expect(result.candidates.every((each: { certification: unknown }) => each.certification === null)).toBe(true)
  }
})

describe('a promise that the data cannot hold', () => {
  test('ends with exit code 3, says what it would take, and leaves the file that was there', async () => {
    const out = inFolder('kept.json')
    writeFileSync(out, 'as it was')
    const { code, stdout, stderr } = await tune('--max-quality-loss', '0.01', '--out', out)
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /Nothing can be promised: .* not certifiable with these 90 groups of the certify part; at least about [\d,]+ would be needed/,
    )
    expect(stderr).toBe(`spillway: ${out} is not written, and the file of that name is left as it is\n`)
    expect(readFileSync(out, 'utf8')).toBe('as it was')
  })
  test('is said on standard error where a program reads the output', async () => {
    const { code, stdout, stderr } = await tune('--min-quality', '0.99', '--json', '--policies', 'mean_logprob')
    expect(code).toBe(3)
    expect(JSON.parse(stdout).chosen).toBeNull()
    expect(stderr).toMatch(/^spillway: no policy is certified: Nothing can be promised/m)
    expect(stderr).toContain(
      'no policy of mean_logprob gives mean quality at least 0.99, even where it was selected (always calling',
    )
  })
})

describe('a mistake is named, and nothing is written', () => {
  const few = file(
    'few.jsonl',
    jsonl({ id: 'a', perf_slm: 0, perf_llm: 1, avg_logp: -1 }, { id: 'b', perf_slm: 1, perf_llm: 1, avg_logp: -0.1 }),
  )
  test.each<[string, string[], RegExp]>([
    ['no target', [simulated], /no target: give --max-quality-loss, --min-quality, --max-cost, or --maximize/],
    ['two targets', [simulated, '--min-quality', '0.5', '--max-cost', '3'], /a policy has one target/],
    ['a loss of 0', [simulated, '--max-quality-loss', '0'], /A loss of quality lies above 0 and below 1/],
    ['a confidence of 90', [simulated, '--max-cost', '3', '--confidence', '90'], /A confidence lies between 0 and 1/],
    [
      'a word that means nothing',
      [simulated, '--max-cost', '3', '--policies', 'magic'],
      /no policies called "magic"; there are all, threshold/,
    ],
    [
      'a signal that is not there',
      [simulated, '--max-cost', '3', '--policies', 'isotonic:nope'],
      /no signal nope; the data have mean_logprob/,
    ],
    ['a bad price', [simulated, '--maximize', 'quality-minus-cost:x'], /Expected a number/],
    ['a bad split', [simulated, '--max-cost', '3', '--split', '50/50'], /Expected three shares/],
    [
      'too few groups',
      [few, '--max-quality-loss', '0.1'],
      /there are 2 groups; at least 3 are needed to select, certify and report/,
    ],
    [
      'a group larger than was stated',
      [simulated, '--max-quality-loss', '0.1', '--max-group', '2'],
      /a group has \d+ rows where at most 2 were stated/,
    ],
    [
      'the input as output',
      [simulated, '--max-cost', '3', '--out', simulated],
      /is read, or written, already: it would be written over/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await spillway(['tune', ...args, ...costs])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\bat .*\.js/)
    expect(code).toBe(2)
  })
})

describe('a policy tuned on other signals is refused', () => {
  const rows = (extra: object) =>
    jsonl({ id: 'a', small: { quality: 1, signals: { mean_entropy: 0.2, own: 3 }, ...extra }, large: { quality: 1 } })
  const policy = (source: object, signal = 'mean_entropy') =>
    JSON.stringify({
      version: 1,
      keepWhen: [{ signal, atMost: 0.5 }],
      onMissing: 'escalate',
      signals: { [signal]: source },
    })
  test.each<[string, string, string, string[], RegExp]>([
    [
      'top-k',
      policy({ topK: 20 }),
      rows({ top_k: 5 }),
      [],
      /tuned on mean_entropy from the top 20 alternatives, and .* mean_entropy from the top 5 alternatives/,
    ],
    [
      'model',
      policy({ model: 'llama' }),
      rows({ model: 'qwen' }),
      [],
      /tuned on mean_entropy of llama, and .* mean_entropy of qwen/,
    ],
    [
      'direction',
      policy({ direction: 'lower' }, 'own'),
      rows({}),
      ['--signal', 'own:higher'],
      /with lower values the more certain, and .* with higher values/,
    ],
  ])('another %s', async (name, text, data, flags, message) => {
    const args = ['route', file(`fed-${name}.jsonl`, data), '--policy', file(`other-${name}.json`, text), ...flags]
    const { code, stderr } = await spillway(args)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
  test('the same one is taken, and so is one that says nothing of it', async () => {
    const data = file('fed.jsonl', rows({ top_k: 5, model: 'llama' }))
    for (const [i, source] of [{ topK: 5, model: 'llama', unit: 'nats', direction: 'lower' }, {}].entries()) {
      const { code } = await spillway(['route', data, '--policy', file(`same-${i}.json`, policy(source))])
      expect(code).toBe(0)
    }
  })
})

describe.skipIf(!hasSharedData)('on the recorded sets, grouped by id', () => {
  const run = (set: 'coqa' | 'qasper', ...args: string[]) =>
    spillway(['tune', ...recorded(set), '--group', 'id', '--cost', 'small=1,verify=4,large=20', '--json', ...args])
  test('the 63 groups of CoQA cannot certify a loss of 0.05, and it says how many would', async () => {
    const { code, stdout } = await run('coqa', '--max-quality-loss', '0.05')
    const result = JSON.parse(stdout)
    expect([code, result.groups.count, result.chosen]).toEqual([3, 63, null])
    expect(result.verdict).toMatch(/not certifiable with these 19 groups .* at least about \d+ would be needed/)
  })
  test('the 924 groups of QASPER certify one, and its held-out loss keeps the promise here', async () => {
    const out = inFolder('qasper.json')
    const { code, stdout } = await run('qasper', '--max-quality-loss', '0.05', '--out', out)
    const result = JSON.parse(stdout)
    expect([code, result.groups.count]).toEqual([0, 924])
    const chosen = result.candidates.find((each: { name: string }) => each.name === result.chosen)
    expect(chosen.held_out.quality_loss.value).toBeLessThan(0.05)
    expect(existsSync(out)).toBe(true)
  })
})

test('of three models it says which one takes no part', async () => {
  const { stdout } = await spillway([
    'tune',
    file('three.jsonl', threeModels(300)),
    '--maximize',
    'quality-minus-cost:0.01',
    '--policies',
    'threshold',
  ])
  expect(stdout).toMatch(/tuned from tiny to big, without mid: name another two with --models/)
})

test('a policy that was tuned at costs says so where it is routed without any', async () => {
  const out = inFolder('costly.json')
  await tune('--maximize', 'quality-minus-cost:0.01', '--policies', 'mean_logprob', '--out', out)
  const routed = (...more: string[]) =>
    spillway(['route', simulated, '--policy', out, '--out', inFolder('r.jsonl'), ...more])
  expect((await routed()).stderr).toContain('was tuned at other costs: give --cost')
  expect((await routed(...costs)).stderr).not.toContain('was tuned at other costs')
})
