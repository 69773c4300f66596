import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sampleSeed } from '../../src/collect/plan.ts'
import { collectScene } from '../support/collect-scene.ts'
import { callsOf, rowsOf, timeless } from '../support/collected.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder } from '../support/files.ts'
import { run } from '../support/process.ts'

const cost = ['--cost', 'small=1,large=10']

test('collects outcomes that sweep reads, says what the model tells, and ends by itself', async () => {
  const scene = await collectScene('plain', ({ model, prompt }) => ({
    text: model === 'large' || /[02468]\?/.test(prompt) ? 'yes' : 'no',
    logprobs: [-Number(/\d+/.exec(prompt)) / 10],
  }))
  const { code, stdout, stderr } = await scene.run()
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '',
    stderr: `the small model, small, gives log-probabilities and 5 alternatives a token\nwrote ${scene.out}: 20 of 20 questions, cost 220 (40 calls)\n`,
  })
  const rows = rowsOf(scene.out)
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => `q${i}`))
  expect(rows.map(({ small }) => small?.quality)).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 0)))
  expect(rows[3].small).toMatchObject({ model: 'small', answer: 'no', cost: 1, top_k: 5, finish: 'stop' })
  expect(rows[3].small?.signals.mean_logprob).toBeCloseTo(-0.3, 9)
  expect(rows[3].small?.signals.mean_entropy).toBeGreaterThan(0)
  expect(rows[3].large).toMatchObject({ model: 'large', answer: 'yes', quality: 1, cost: 10 })
  const swept = await spillway(['sweep', scene.out])
  expect(swept.code).toBe(0)
  expect(swept.stdout).toMatch(/20 rows[^]*mean_logprob/)
  expect(swept.stderr).toBe('')
})

test('the same command again asks nothing, and another scorer or price follows from what is known', async () => {
  const scene = await collectScene('again')
  await scene.run()
  const before = rowsOf(scene.out)
  const again = await scene.run()
  expect(again.stderr).toContain('20 of 20 questions, cost 220 (0 calls, 40 calls known before)')
  expect(rowsOf(scene.out)).toEqual(before)
  const half = file('half.mjs', 'export default (answer, references, question) => (question.id === "q3" ? 0.5 : 1)')
  expect(await scene.run(['--price', 'small=1/2,large=3/4', '--scorer', half])).toMatchObject({ code: 0 })
  const rows = rowsOf(scene.out)
  expect(rows.map(({ small }) => small?.quality)).toEqual(rows.map(({ id }) => (id === 'q3' ? 0.5 : 1)))
  expect(rows[3].small?.cost).toBeCloseTo(('question 3?'.length + 2) / 1e6, 12)
  expect(scene.server.lines).toHaveLength(40)
})

test('a higher --limit asks only what is new, and another prompt asks anew', async () => {
  const scene = await collectScene('limit')
  expect((await scene.run([...cost, '--limit', '5'])).stderr).toContain('5 of 5 questions')
  expect(rowsOf(scene.out)).toHaveLength(5)
  await scene.run([...cost, '--limit', '12'])
  expect(rowsOf(scene.out)).toHaveLength(12)
  expect(scene.server.lines).toHaveLength(24)
  await scene.run([...cost, '--limit', '3'])
  expect(rowsOf(scene.out)).toHaveLength(3)
  await scene.run([...cost, '--limit', '3', '--prompt', 'Q: {{question}}'])
  expect(scene.server.lines).toHaveLength(30)
  expect(scene.server.lines.at(-1)?.prompt).toMatch(/^Q: question/)
})

test('questions that failed have an error, the exit code is 2, and the same command makes them good', async () => {
  let broken = true
  const scene = await collectScene('failing', ({ model, prompt }) =>
    broken && model === 'small' && /question [37]\?/.test(prompt)
      ? { status: 400, error: 'the prompt is too long' }
      : {},
  )
  const { code, stderr } = await scene.run()
  expect(code).toBe(2)
  expect(stderr).toContain(`18 of 20 questions`)
  expect(stderr).toMatch(
    /^spillway: 2 questions failed \("error" in .*failing\.jsonl says why\); the same command asks again\. The first: small: .*HTTP 400: the prompt is too long$/m,
  )
  const rows = rowsOf(scene.out)
  expect(rows).toHaveLength(20)
  expect(rows.filter(({ error }) => error !== undefined).map(({ id }) => id)).toEqual(['q3', 'q7'])
  expect(rows[3].small).toBeUndefined()
  expect(rows[3].large?.quality).toBe(1)
  const swept = await spillway(['sweep', scene.out])
  expect(swept.stderr).not.toContain('fault of Spillway')
  broken = false
  const again = await scene.run()
  expect(again.code).toBe(0)
  expect(again.stderr).toContain('20 of 20 questions, cost 220 (2 calls, 38 calls known before)')
  expect(rowsOf(scene.out).filter(({ error }) => error !== undefined)).toEqual([])
})

test('--verify 4,p_true judges the answers of the small model, and its cost and time stand apart', async () => {
  const scene = await collectScene('verified', ({ model, body, prompt }) => {
    if (model === 'large') return {}
    const number = Number(/question (\d+)/.exec(prompt)?.[1])
    if (body.max_tokens === 1)
      return {
        text: ' True',
        top: [
          [' True', Math.log(0.3)],
          ['true', Math.log(0.1)],
          [' False', Math.log(0.4)],
          ['It', Math.log(0.2)],
        ],
      }
    if (body.max_tokens === 8) {
      expect(prompt).toMatch(/Answer: it is yes\nVerdict:$/)
      const sample = [0, 1, 2, 3].findIndex((each) => sampleSeed(1, prompt, 1, each) === body.seed)
      expect(sample).toBeGreaterThanOrEqual(0)
      return { text: number === 2 ? 'who knows' : sample < number ? ' Correct' : ' Incorrect' }
    }
    return { text: ' it is yes' }
  })
  const { code, stderr } = await scene.run([...cost, '--verify', '4,p_true', '--limit', '4'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const rows = rowsOf(scene.out)
  expect(rows.map(({ small }) => small?.signals.self_verification)).toEqual([0, 0.25, undefined, 0.75])
  expect(rows.map(({ verify }) => verify?.cost)).toEqual([5, 5, 5, 5])
  expect(rows[3].verify?.samples?.toSorted()).toEqual(['Correct', 'Correct', 'Correct', 'Incorrect'])
  expect(rows[3].small?.cost).toBe(1)
  const verifications = scene.server.lines.filter(({ body }) => body.max_tokens === 8)
  expect(new Set(verifications.map(({ body }) => body.seed)).size).toBe(16)
  expect(verifications.every(({ body }) => body.temperature === 0.7)).toBe(true)
  const trues = scene.server.lines.filter(({ body }) => body.max_tokens === 1)
  expect(trues.map(({ body }) => body.top_logprobs)).toEqual([20, 20, 20, 20])
  expect(stderr).toContain('1 answer without self_verification: no sample says correct or incorrect')
  // Samples that are known are not taken again.
  await scene.run([...cost, '--verify', '2', '--limit', '4'])
  expect(scene.server.lines).toHaveLength(4 * 7)
  expect(rowsOf(scene.out)[3].small?.signals).toMatchObject({ self_verification: 1 })
  expect(rowsOf(scene.out)[3].small?.signals).not.toHaveProperty('p_true')
})

test('p(True) is read from the alternatives a server lists, in whichever way it writes the words', async () => {
  const top = {
    usual: [
      [' True', 0.3],
      ['true', 0.1],
      [' False', 0.4],
    ],
    other: [
      ['Yes', 0.6],
      ['No', 0.3],
    ],
  } as const
  const scene = await collectScene('p-true', ({ model, body, prompt }) => {
    if (model === 'large' || body.max_tokens !== 1) return {}
    const listed = prompt.includes('question 2?') ? top.other : top.usual
    return { text: ' True', top: listed.map(([text, p]) => [text, Math.log(p)] as const) }
  })
  const { stderr } = await scene.run([...cost, '--verify', 'p_true', '--limit', '4'])
  const values = rowsOf(scene.out).map(({ small }) => small?.signals.p_true)
  expect(values.map((value) => value && Number(value.toFixed(9)))).toEqual([0.5, 0.5, undefined, 0.5])
  expect(stderr).toContain(
    '1 answer without p_true: neither True nor False is among the alternatives of the first token',
  )
})

test('a small model without log-probabilities ends it after one question, unless it judges its answers', async () => {
  const scene = await collectScene('silent', ({ body }) => ({
    silent: true,
    text: body.max_tokens === 8 ? 'Correct' : 'yes',
  }))
  const { code, stderr } = await scene.run()
  expect(code).toBe(2)
  expect(stderr).toBe(
    'spillway: the small model, small, gives no log-probabilities, so there would be no signal: use a server that does (docs/collect.md), or let it judge its answers with --verify 4\n',
  )
  expect(scene.server.lines).toHaveLength(2)
  const verified = await scene.run([...cost, '--verify', '2'])
  expect(verified.code).toBe(0)
  expect(verified.stderr).toContain('gives no log-probabilities: there are only signals of verification')
  expect(verified.stderr).toContain('2 calls known before')
  const [row] = rowsOf(scene.out)
  expect(row.small?.signals).toEqual({ self_verification: 1 })
  expect(row.small).not.toHaveProperty('top_k')
})

test('a first answer with one token that tells nothing is no sign of an endpoint that never does', async () => {
  const scene = await collectScene('odd-token', ({ prompt }) => ({
    text: 'it is yes',
    logprobs: [-0.1, prompt.includes('question 0?') ? -9999 : -0.2, -0.3],
  }))
  const { code, stderr } = await scene.run([...cost, '--limit', '3'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toContain('the small model, small, gives log-probabilities')
  expect(rowsOf(scene.out).map(({ small }) => small?.signals.mean_logprob?.toFixed(1))).toEqual([
    undefined,
    '-0.2',
    '-0.2',
  ])
})

test("a user's scorer that throws, or gives no quality, stops at the first question", async () => {
  const scene = await collectScene('scorer')
  for (const [name, code, message] of [
    [
      'throws',
      'throw new Error("no gold")',
      /scorer .*throws\.mjs, answer "yes": the function threw "no gold"; mend it/,
    ],
    ['gives', 'return 7', /it gave 7, which is no quality from 0 to 1; divide by the highest score/],
    ['waits', 'return Promise.reject(new Error("late"))', /the function threw "late"/],
  ] as const) {
    const scorer = file(`${name}.mjs`, `export default () => { ${code} }`)
    const { code: exit, stderr } = await scene.run([...cost, '--scorer', scorer])
    expect(exit).toBe(2)
    expect(stderr).toMatch(message)
    expect(scene.server.lines).toHaveLength(2)
  }
})

test('a scorer that throws later costs nothing but a new scorer', async () => {
  const scene = await collectScene('late-scorer')
  const scorer = (body: string) => file('late.mjs', `export default (answer, references, { id }) => { ${body} }`)
  const { code, stderr } = await scene.run([
    ...cost,
    '--scorer',
    scorer('if (id === "q19") throw new Error("no"); return 1'),
  ])
  expect(code).toBe(2)
  expect(stderr).toMatch(/late-scorer\.questions\.jsonl:20: scorer .*: the function threw "no"/)
  expect(await scene.run([...cost, '--scorer', scorer('return 1')])).toMatchObject({ code: 0 })
  expect(scene.server.lines).toHaveLength(40)
  expect(rowsOf(scene.out)).toHaveLength(20)
})

test('without a count of tokens a price by token ends it at once, and a price by call takes up what was paid', async () => {
  const scene = await collectScene('uncounted', () => ({ usage: null }))
  const { code, stderr } = await scene.run(['--price', 'small=0,large=2/8'])
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^spillway: large: the endpoint does not say how many tokens it used, and the price of the large model is by token; give a cost by call \(--cost large=…\)$/m,
  )
  const asked = scene.server.lines.length
  expect(asked).toBeLessThanOrEqual(2)
  expect((await scene.run(['--price', 'small=0,large=2/8'])).code).toBe(2)
  expect(scene.server.lines).toHaveLength(asked)
  expect(await scene.run(['--price', 'small=0', '--cost', 'large=2'])).toMatchObject({ code: 0 })
  expect(scene.server.answered).toHaveLength(40)
})

test('--max-cost stops before the limit, says how to go on, and a higher one does', async () => {
  const scene = await collectScene('max-cost', ({ prompt }) => ({
    text: 'yes '.repeat(1 + (prompt.length % 5)),
    usage: { prompt_tokens: prompt.length, completion_tokens: 1 + (prompt.length % 5) },
  }))
  // A call takes up to (11 + 256 bytes of prompt and template) · 1 + 8 tokens · 10 USD per million.
  const prices = ['--price', 'small=1/10,large=1/10', '--max-tokens', '8', '--concurrency', '3']
  const spent = () => rowsOf(scene.out).reduce((sum, { small, large }) => sum + small!.cost + large!.cost, 0)
  for (const limit of [0.001, 0.0012, 0.0015]) {
    const { code, stderr } = await scene.run([...prices, '--max-cost', String(limit)])
    expect(code).toBe(0)
    expect(stderr).toContain(
      `stopped: another question could take the cost above ${limit}; the same command with a higher --max-cost goes on`,
    )
    expect(spent()).toBeLessThanOrEqual(limit)
    expect(spent()).toBeGreaterThan(limit - (2 * (267 + 80)) / 1e6)
  }
  const { stderr } = await scene.run([...prices, '--max-cost', '1'])
  expect(stderr).toContain('20 of 20 questions')
  expect(stderr).not.toContain('stopped')
  expect(scene.server.lines).toHaveLength(40)
  const nothing = await collectScene('max-cost-0')
  expect(await nothing.run([...cost, '--max-cost', '0'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('stopped: another question') as string,
  })
  expect(nothing.server.lines).toEqual([])
})

test('answers that were cut off are counted, and rows say so', async () => {
  const scene = await collectScene('cut', ({ model, before }) => ({
    finish: model === 'large' && before < 3 ? 'length' : 'stop',
  }))
  expect((await scene.run()).stderr).toContain(
    '3 answers of the large model cut off at the most tokens: raise --max-tokens large=…',
  )
  expect(rowsOf(scene.out).filter(({ large }) => large?.finish === 'length')).toHaveLength(3)
})

test('a signal or tokens asked for later are missing from what was recorded before, which is said', async () => {
  const scene = await collectScene('later')
  await scene.run([...cost, '--limit', '5'])
  const { stderr } = await scene.run([...cost, '--limit', '8', '--signals', 'mean_logprob_at_8', '--keep-tokens'])
  expect(stderr).toContain(
    '5 answers without mean_logprob_at_8: recorded before that was asked for; another --out asks these questions again',
  )
  expect(stderr).toContain('5 answers without tokens')
  const rows = rowsOf(scene.out)
  expect(rows.filter(({ small }) => small?.tokens !== undefined)).toHaveLength(3)
  expect(rows[7].small?.tokens).toEqual([{ text: 'yes', logprob: -0.1, alternatives: expect.any(Array) as unknown }])
})

test('models, prices, prompt, scorer and limits come from a file, paths start at its folder, and flags go before it', async () => {
  const scene = await collectScene('config')
  const folder = inFolder('config-folder')
  const { mkdirSync, writeFileSync } = await import('node:fs')
  mkdirSync(`${folder}/prompts`, { recursive: true })
  writeFileSync(`${folder}/prompts/ask`, 'From a file: {{question}}\n')
  writeFileSync(`${folder}/scorer.mjs`, 'export default () => 0.25')
  writeFileSync(`${folder}/questions.jsonl`, readFileSync(scene.questions))
  writeFileSync(
    `${folder}/spillway.yaml`,
    `
small: { model: small, url: ${scene.server.url}, id: tiny, price: { call: 2 }, system: Be brief., max_tokens: 5, stop: ["\\n"], headers: { x-team: '\${TEAM}' }, concurrency: 2 }
large: { model: large, url: ${scene.server.url}, key: '\${BIG_KEY}', price: { input: 1, output: 1 }, api: completions, temperature: 0.5, body: { top_p: 0.9 } }
collect: { questions: questions.jsonl, out: out/outcomes.jsonl, prompt: prompts/ask, scorer: ./scorer.mjs, limit: 3, top_logprobs: 2, seed: 9, verify: 1, verify_prompt: 'Is {{answer}} right?', signals: [mean_logprob_at_1] }
`,
  )
  const env = { BIG_KEY: 'sk-big', TEAM: 'blue' }
  const { code, stderr } = await run(['collect', '--config', `${folder}/spillway.yaml`], env)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const rows = rowsOf(`${folder}/out/outcomes.jsonl`)
  expect(rows).toHaveLength(3)
  expect(rows[0].small).toMatchObject({ model: 'tiny', cost: 2, quality: 0.25, top_k: 2 })
  expect(rows[0].small?.signals).toHaveProperty('mean_logprob_at_1')
  const small = scene.server.lines.find(({ model, body }) => model === 'small' && body.max_tokens === 5)
  expect(small?.body).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'From a file: question 0?' },
    ],
    stop: ['\n'],
    top_logprobs: 2,
    temperature: 0,
  })
  expect(small?.headers['x-team']).toBe('blue')
  const large = scene.server.lines.find(({ model }) => model === 'large')
  expect(large?.chat).toBe(false)
  expect(large?.headers.authorization).toBe('Bearer sk-big')
  expect(large?.body).toMatchObject({
    prompt: 'From a file: question 0?',
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 1024,
  })
  const judged = scene.server.lines.find(({ body }) => body.seed === sampleSeed(9, 'Is yes right?', 1, 0))
  expect(judged?.prompt).toBe('Is yes right?')
  const flags = [
    '--limit',
    '1',
    '--out',
    inFolder('flags.jsonl'),
    '--prompt',
    'plain',
    '--scorer',
    'exact',
    '--max-tokens',
    'small=6',
    '--temperature',
    '1',
  ]
  expect(await run(['collect', '--config', `${folder}/spillway.yaml`, ...flags], env)).toMatchObject({ code: 0 })
  expect(rowsOf(inFolder('flags.jsonl'))).toMatchObject([{ small: { quality: 1 } }])
  expect(scene.server.lines.find(({ body }) => body.max_tokens === 6)?.body).toMatchObject({ temperature: 1 })
  expect(scene.server.lines.filter(({ model }) => model === 'large').at(-1)?.body).toMatchObject({
    temperature: 1,
    prompt: 'question 0?',
  })
})

test('two models of different forms are asked in their forms, and a system message that goes nowhere is told', async () => {
  const scene = await collectScene('forms')
  const { stderr } = await scene.run([...cost, '--api', 'small=completions', '--system', 'Be brief.', '--limit', '1'])
  expect(stderr).toContain('small: prompts go to this model as they stand, without the system message')
  expect(scene.server.lines.find(({ model }) => model === 'small')?.body).toMatchObject({
    prompt: 'question 0?',
    logprobs: 5,
  })
  expect(scene.server.lines.find(({ model }) => model === 'large')?.body.messages).toHaveLength(2)
})

test('on a terminal or not, nothing but errors is said with --quiet', async () => {
  const scene = await collectScene('quiet')
  expect(await scene.run([...cost, '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('finished calls are whole lines, one a call', async () => {
  const scene = await collectScene('lines')
  await scene.run()
  const calls = callsOf(scene.out)
  expect(calls).toHaveLength(40)
  expect(new Set(calls.map(({ key }) => key)).size).toBe(40)
  expect(timeless(rowsOf(scene.out))).toHaveLength(20)
})
