import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { planner, sampleSeed, type Setup } from '../../src/collect/plan.ts'
import { template } from '../../src/collect/template.ts'
import { questionOf, setupOf } from '../support/collected.ts'

const verified = setupOf({
  verify: { samples: 3, template: template('verify', '{{question}} {{answer}}?') },
  pTrue: { template: template('p_true', '{{question}} {{answer}}, true?') },
})

const keysOf = (setup: Setup, answer = 'yes') => {
  const plan = planner(setup)(questionOf(1))
  return {
    small: plan.small.key,
    large: plan.large.key,
    verify: plan
      .verifications(answer)
      .filter(({ purpose }) => purpose === 'verify')
      .map(({ key }) => key),
    pTrue: plan.verifications(answer).find(({ purpose }) => purpose === 'p_true')?.key,
  }
}
const keys = keysOf(verified)

test('both models get the same prompt, and only the small one is asked for log-probabilities', () => {
  const { small, large } = planner(setupOf({ large: { identity: 'large', form: 'chat', maxTokens: 99 } }))(
    questionOf(1),
  )
  const prompt = [{ role: 'user', content: 'question 1?' }]
  expect(small.request).toEqual({ prompt, maxTokens: 16, temperature: 0, stop: undefined, topLogprobs: 5 })
  expect(large.request).toEqual({ prompt, maxTokens: 99, temperature: undefined, stop: undefined })
})

test('a model without a chat gets the text as it stands, and one with a system message gets that before', () => {
  const raw = planner(setupOf({ small: { identity: 's', form: 'raw', system: 'Be brief.', maxTokens: 1 } }))(
    questionOf(1),
  )
  expect(raw.small.request.prompt).toBe('question 1?')
  const chat = planner(setupOf({ small: { identity: 's', form: 'chat', system: 'Be brief.', maxTokens: 1 } }))(
    questionOf(1),
  )
  expect(chat.small.request.prompt).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'question 1?' },
  ])
})

test('verdicts are sampled by different seeds, and p(True) reads one token at temperature 0', () => {
  const calls = planner({ ...verified, seed: 7 })(questionOf(1)).verifications('  Ada\n')
  const prompt = 'question 1? Ada?'
  expect(calls.map(({ request }) => [request.temperature, request.seed, request.maxTokens])).toEqual([
    [0.7, sampleSeed(7, prompt, 1, 0), 8],
    [0.7, sampleSeed(7, prompt, 1, 1), 8],
    [0.7, sampleSeed(7, prompt, 1, 2), 8],
    [0, undefined, 1],
  ])
  expect(calls[0].request.prompt).toEqual([{ role: 'user', content: 'question 1? Ada?' }])
  expect(calls[3].request.topLogprobs).toBe(20)
  expect(new Set(calls.map(({ key }) => key)).size).toBe(4)
})

test('no two samples share their luck: each of each question, asked twice or not, has a seed of its own', () => {
  const seedsOf = (seed: number) => {
    const plan = planner({ ...verified, seed })
    return [...Array(1000).keys(), 1, 1].flatMap((i) =>
      plan(questionOf(i))
        .verifications('yes')
        .flatMap(({ request }) => request.seed ?? []),
    )
  }
  const seeds = seedsOf(1)
  expect(new Set(seeds).size).toBe(3 * 1002)
  expect(seeds.every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 31)).toBe(true)
  expect(seedsOf(1)).toEqual(seeds)
  expect(seedsOf(2).filter((each) => seeds.includes(each))).toEqual([])
})

test('the same request has the same key in every process', () => {
  const url = (path: string) => pathToFileURL(`${import.meta.dirname}/../${path}`).href
  const script = `
    const { planner } = await import('${url('../src/collect/plan.ts')}')
    const { template } = await import('${url('../src/collect/template.ts')}')
    const setup = JSON.parse(process.argv[1])
    setup.template = template('plain', '{{question}}')
    const { small, large } = planner(setup)({ place: 'x:1', id: 99, references: ['other'], fields: { gold: 'other', question: 'question 1?' } })
    console.log(JSON.stringify([small.key, large.key]))`
  const { template: _, ...setup } = setupOf()
  const said = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script, JSON.stringify(setup)],
    {
      encoding: 'utf8',
    },
  )
  expect(JSON.parse(said)).toEqual([keys.small, keys.large])
})

test.each<[string, Partial<Setup>, string[]]>([
  ['the prompt', { template: template('other', 'Q: {{question}}') }, ['small', 'large']],
  ['the small model', { small: { ...verified.small, identity: 'other' } }, ['small', 'verify', 'pTrue']],
  ['the large model', { large: { ...verified.large, identity: 'other' } }, ['large']],
  ["the small model's most tokens", { small: { ...verified.small, maxTokens: 17 } }, ['small']],
  ["the large model's temperature", { large: { ...verified.large, temperature: 0.5 } }, ['large']],
  ['the system message', { small: { ...verified.small, system: 'x' } }, ['small']],
  ['a stop text', { small: { ...verified.small, stop: ['\n'] } }, ['small']],
  ['the alternatives', { topLogprobs: 6 }, ['small']],
  ['the seed', { seed: 99 }, ['verify']],
  ['the prompt that verifies', { verify: { samples: 3, template: template('v', '{{answer}}!') } }, ['verify']],
  ['the prompt for p(True)', { pTrue: { template: template('p', '{{answer}}!') } }, ['pTrue']],
])('another key follows from %s, and only where it matters', (_, change, changed) => {
  const others = keysOf({ ...verified, ...change })
  for (const name of ['small', 'large', 'verify', 'pTrue'] as const)
    if (changed.includes(name)) expect(others[name]).not.toEqual(keys[name])
    else expect(others[name]).toEqual(keys[name])
})

test('more samples keep those there are, and another answer is judged anew', () => {
  expect(
    keysOf({ ...verified, verify: { samples: 5, template: template('v', '{{question}} {{answer}}?') } }).verify.slice(
      0,
      3,
    ),
  ).toEqual(keys.verify)
  const other = keysOf(verified, 'no')
  expect(other.small).toBe(keys.small)
  expect(other.verify).not.toEqual(keys.verify)
})

test('a question that stands there twice is asked twice, and has the same two keys in every run', () => {
  const keysOfAll = () => {
    const plan = planner(setupOf())
    return [questionOf(1), questionOf(2), questionOf(1)].map((question) => plan(question).small.key)
  }
  const [first, , again] = keysOfAll()
  expect(first).toBe(keys.small)
  expect(again).not.toBe(first)
  expect(keysOfAll()).toEqual(keysOfAll())
})
