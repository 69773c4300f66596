import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { collectScene } from '../support/collect-scene.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { pageDataOf } from '../support/page-data.ts'
import { simulatedFile } from '../support/simulate-outcomes.ts'

const simulated = simulatedFile()
const data = [simulated, '--cost', 'small=1,large=20', '--resamples', '100']

const rows = Array.from({ length: 80 }, (_, i) => ({
  id: `q${i}`,
  perf_slm: Number(i % 3 !== 0 || i > 60),
  perf_llm: Number(i % 11 !== 0),
  avg_logp: -((i * 37) % 80) / 50,
}))

describe('spillway report', () => {
  test('writes one file whose policy allows just the script and the style that stand in it', async () => {
    const out = inFolder('policy.html')
    const small = file('small.jsonl', jsonl(...rows))
    const { code, stdout, stderr } = await spillway(['report', small, '--out', out, '--resamples', '50'])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `wrote ${out}\n` })
    const html = readFileSync(out, 'utf8')
    const hash = (text: string) => createHash('sha256').update(text).digest('base64')
    const [style, script] = [/<style>([^]*?)<\/style>/, /<script>([^]*?)<\/script>/].map((of) => of.exec(html)![1])
    expect(html).toContain(`script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'`)
    expect(pageDataOf(out)).toMatchObject({
      figures: { about: { title: 'small', rows: 80, confidence: 0.95, resamples: 50, seed: 1 }, policies: [] },
      signal: 0,
      sources: { mean_logprob: { direction: 'higher', unit: 'nats' } },
      route: [small],
    })
  })

  test('with a target shows what tune finds, opens with it, and says with which confidence', async () => {
    const out = inFolder('tuned.html')
    const asked = ['--max-quality-loss', '0.1', '--title', 'A title', '--policies', 'threshold', '--seed', '3']
    expect(await spillway(['report', ...data, ...asked, '--out', out])).toMatchObject({ code: 0 })
    const { figures, signal } = pageDataOf(out)
    expect(figures.about).toMatchObject({ title: 'A title', confidence: 0.9, seed: 3 })
    expect(figures.verdict).toMatch(/^Certified: keep when/)
    const chosen = figures.policies.find((policy) => policy.chosen)!
    expect(chosen.promise).toBe('certified')
    const { opening, stops } = figures.signals[signal]
    expect(chosen.policy).toMatchObject({ keepWhen: [{ signal: figures.signals[signal].signal }] })
    expect(JSON.stringify(chosen.policy)).toContain(String(stops.threshold[opening]))
  })

  test('is written where nothing can be certified too, and says so', async () => {
    const out = inFolder('uncertified.html')
    const asked = ['--max-quality-loss', '0.0001', '--policies', 'threshold']
    expect(await spillway(['report', ...data, ...asked, '--out', out])).toMatchObject({ code: 0 })
    expect(pageDataOf(out).figures.verdict).toMatch(/^Nothing can be promised/)
  })

  test('without a target compares the policies that are named, and only those', async () => {
    const out = inFolder('compared.html')
    const asked = ['--policies', 'mean_logprob,isotonic', '--confidence', '0.8', '--out', out]
    expect(await spillway(['report', ...data, ...asked])).toMatchObject({ code: 0 })
    const { figures } = pageDataOf(out)
    expect(figures.policies.map(({ name }) => name).toSorted()).toEqual(['isotonic', 'mean_logprob'])
    expect(figures).not.toHaveProperty('verdict')
    expect(figures.about.confidence).toBe(0.8)
  })

  test('repeats in the copied command what says how the data are read', async () => {
    const out = inFolder('flags.html')
    const csv = file('own.csv', ['f1,f2,doubt,doc', ...rows.map((_, i) => `${i % 2},1,${i},${i >> 1}`)].join('\n'))
    const flags = ['--map', 'small.quality=f1,large.quality=f2', '--signal', 'doubt:lower', '--group', 'doc']
    const costs = ['--cost', 'small=1,verify=2,large=9', '--verify-cost', 'always']
    const made = await spillway(['report', csv, ...flags, ...costs, '--out', out, '--resamples', '50'])
    expect(made).toMatchObject({ code: 0 })
    const { route } = pageDataOf(out)
    expect(route).toEqual([
      csv,
      '--map',
      'small.quality=f1',
      '--map',
      'large.quality=f2',
      '--signal',
      'doubt:lower',
      '--group',
      'doc',
      ...costs,
    ])
    const policy = file('end.json', '{"version":1,"always":"keep"}')
    expect(await spillway(['route', ...route, '--policy', policy, '--quiet'])).toMatchObject({ code: 0 })
  })

  test('is never written over what is read', async () => {
    const small = file('kept.jsonl', jsonl(...rows))
    const { code, stderr } = await spillway(['report', small, '--out', small])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `spillway: ${small} is read, or written, already: it would be written over\n`,
    })
    expect(readFileSync(small, 'utf8')).toBe(jsonl(...rows))
  })
})

describe('--report', () => {
  test('of sweep shows the sweep, and opens with the threshold that it picked', async () => {
    const out = inFolder('sweep.html')
    const swept = await spillway([
      'sweep',
      simulated,
      '--cost',
      'small=1,large=20',
      '--max-cost',
      '10',
      '--report',
      out,
    ])
    expect(swept).toMatchObject({ code: 0, stderr: expect.stringContaining(`wrote ${out}\n`) })
    const { figures, signal, route } = pageDataOf(out)
    const { stops, opening, base } = figures.signals[signal]
    expect((base.costSmall + stops.extraCost[opening]) / base.rows).toBeLessThanOrEqual(10)
    expect((base.costSmall + stops.extraCost[opening + 1]) / base.rows).toBeGreaterThan(9)
    expect(route).toEqual([simulated, '--cost', 'small=1,large=20'])
    expect(figures.examples).toBeDefined()
  })

  test('of sweep has the costs of a preset', async () => {
    const out = inFolder('study.html')
    const small = file('study.jsonl', jsonl(...rows))
    await spillway(['sweep', small, '--preset', 'automix-study', '--report', out])
    const { figures, route } = pageDataOf(out)
    expect(figures.about.costs).toMatchObject({ small: 1, verify: 4, large: 20 })
    expect(route).toEqual([small, '--cost', 'small=1,verify=4,large=20', '--verify-cost', 'always'])
  })

  test('of tune and compare shows their policies', async () => {
    const [tuned, compared] = [inFolder('tune.html'), inFolder('compare.html')]
    const policies = ['--policies', 'mean_logprob,mean_entropy']
    await spillway(['tune', ...data, ...policies, '--max-quality-loss', '0.1', '--report', tuned])
    await spillway(['compare', ...data, ...policies, '--report', compared])
    expect(pageDataOf(tuned).figures).toMatchObject({ verdict: expect.any(String), about: { confidence: 0.9 } })
    for (const page of [tuned, compared]) {
      const { figures } = pageDataOf(page)
      expect(figures.policies.map(({ name }) => name).toSorted()).toEqual(['mean_entropy', 'mean_logprob'])
      // Facts about an answer's text are no signals of the page.
      expect(figures.signals.filter(({ signal }) => signal.startsWith('answer_'))).toEqual([])
    }
  })

  test('of collect shows the outcomes that were written', async () => {
    const scene = await collectScene('reported', ({ model, prompt }) => ({
      text: model === 'large' || /[02468]\?/.test(prompt) ? 'yes' : 'no',
      logprobs: [-Number(/\d+/.exec(prompt)) / 10],
    }))
    const out = inFolder('collect.html')
    const { code, stderr } = await scene.run(['--cost', 'small=1,large=10', '--report', out])
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`wrote ${out}\n`) })
    const { figures, route } = pageDataOf(out)
    expect(figures.about).toMatchObject({ rows: 20, models: { small: 'small', large: 'large' } })
    expect(figures.examples!.list[0]).toMatchObject({ id: 'q0', small: 'yes', large: 'yes' })
    expect(route).toEqual([scene.out])
  })
})
