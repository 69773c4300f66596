import { describe, expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { file, jsonl } from '../support/files.ts'

const rows = Array.from({ length: 60 }, (_, i) => ({
  models: {
    'gpt-5': { quality: 1, cost: 20, answer: `c${i}` },
    'llama-3.1-8b': { quality: i % 3 > 0 ? 1 : 0, cost: 2, answer: `b${i}`, signals: { mean_logprob: -(i % 31) / 9 } },
    'llama-1b': { quality: i % 2, cost: 1, answer: `a${i}`, signals: { mean_logprob: -(i % 29) / 9 } },
  },
}))
const path = () => file('models.jsonl', jsonl(...rows))

interface Swept {
  findings: { code: string; message: string }[]
  signals: { points: { cost: number }[] }[]
}
const sweep = async (...flags: string[]) => {
  const { code, stdout, stderr } = await spillway(['sweep', path(), '--json', '--quiet', ...flags])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { findings, signals } = JSON.parse(stdout) as Swept
  const costs = signals[0].points.map(({ cost }) => cost)
  return { findings, cheapest: Math.min(...costs), dearest: Math.max(...costs) }
}

describe('spillway on models by name', () => {
  test('sweeps the first against the last, and says in which order it takes them', async () => {
    const { findings, cheapest, dearest } = await sweep()
    expect([cheapest, dearest]).toEqual([1, 21])
    expect(findings.find(({ code }) => code === 'models-order')!.message).toContain('llama-1b, llama-3.1-8b, gpt-5')
  })
  test('sweeps the models that --models names', async () => {
    const { cheapest, dearest } = await sweep('--models', 'llama-3.1-8b,gpt-5')
    expect([cheapest, dearest]).toEqual([2, 22])
  })
  test('takes costs by name and by place', async () => {
    const { cheapest, dearest } = await sweep('--cost', 'gpt-5=100', '--cost', 'small=3', '--models=llama-1b,gpt-5')
    expect([cheapest, dearest]).toEqual([3, 103])
  })
  test('routes by the signals of the first', async () => {
    const { code, stdout } = await spillway(['route', path(), '--models', 'llama-3.1-8b,gpt-5', '--logprob-min=-1'])
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toContain('b0')
  })
  test.each([
    [['--models', 'gpt-6,gpt-5'], /--models gpt-6,gpt-5: no model gpt-6 in .*; models found: gpt-5, llama-3\.1-8b/],
    [['--models', 'gpt-5,'], /Expected names of models, such as llama-1b,gpt-5/],
    [['--cost', 'gpt-6=3'], /--cost gpt-6=3: no model gpt-6; there are gpt-5, /],
    [['--cost', 'gpt-5=3,gpt-5=4'], /The cost of gpt-5 is given twice/],
    [['--cost', 'gpt-5=-3'], /cost of gpt-5 is -3; a cost lies between 0/],
    [['--cost', '5'], /Expected small=N, verify=N, large=N, or the name of a model before =N/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await spillway(['sweep', path(), ...flags])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
  test('refuses --models for a small and a large model', async () => {
    const data = jsonl({ perf_slm: 0, perf_llm: 1, avg_logp: -1 })
    const { code, stderr } = await spillway(['sweep', '-', '--models', 'a,b'], data)
    expect(code).toBe(2)
    expect(stderr).toContain('--models a,b: stdin holds no models by name')
  })
})
