import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { AuditRecord } from '../../src/audits/record.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { chat } from '../support/client.ts'
import { spillway } from '../support/cli.ts'
import { draws } from '../support/draws.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { configOf, serveFolder, startServe, type Serving } from '../support/serve.ts'
import type { UpstreamAsked } from '../support/upstream.ts'
import { upstream } from '../support/upstream.ts'

/** Of a question `yes 0.1 sure`: the right answer, a number, and how sure the small model is. */
const question = ({ fields }: UpstreamAsked) =>
  (fields.messages as { content: string }[])[0].content.split(' ') as [right: string, given: string, sure: string]

const promised: Policy = {
  ...keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]),
  provenance: { target: { max_quality_loss: 0.05 }, confidence: 0.9 },
}

/** A gateway that audits all requests; the small model answers what the question says, the large one is right. */
async function auditing(audit: object, log: object = {}): Promise<Serving> {
  const small = await upstream((asked) => {
    const [, given, sure] = question(asked)
    return { words: [[given, sure === 'sure' ? -0.1 : -3]] }
  })
  const large = await upstream((asked) => ({ words: [[question(asked)[0], -0.1]] }))
  const config = configOf({
    small: small.url,
    large: large.url,
    serve: { audit, log: { folder: 'decisions', ...log } },
  })
  return startServe({}, serveFolder({ policy: promised }, config))
}

/** Requests of which a share of the kept ones is answered wrongly. */
async function send({ ask }: Serving, count: number, wrong: number, seed: number): Promise<void> {
  const next = draws(seed)
  const one = async () => {
    const sure = next() < 0.6
    const given = next() < (sure ? wrong : 0.5) ? 'no' : 'yes'
    const content = `yes ${given} ${sure ? 'sure' : 'unsure'}`
    const reply = await ask(chat({ messages: [{ role: 'user', content }] }), { headers: { 'x-spillway-gold': 'yes' } })
    expect(reply.status).toBe(200)
  }
  for (let left = count; left > 0; left -= 20) await Promise.all(Array.from({ length: Math.min(20, left) }, one))
}

const audits = (folder: string): AuditRecord[] =>
  readFileSync(join(folder, 'decisions/audits.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecord)

describe('spillway audit, and tune --from-log', { timeout: 120_000 }, () => {
  let serving: Serving
  let [log, policy, shift] = ['', '', '']
  let metrics = ''
  test('a gateway audits what it serves, and says on /metrics and its page how the promise stands', async () => {
    serving = await auditing({ probability: 1, scorer: 'exact' })
    log = join(serving.path, 'decisions')
    policy = join(serving.path, 'policy.json')
    await send(serving, 400, 0.03, 1)
    await expect.poll(() => audits(serving.path).length, { timeout: 20_000 }).toBe(400)
    expect((await serving.get('/metrics')).text).toContain('spillway_promise{cascade="cascade",verdict="supported"} 1')
    const good = await spillway(['audit', log, '--policy', policy])
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(good.stdout).toContain('Promise: supported.')
    shift = new Date().toISOString()
    await send(serving, 600, 0.4, 2)
    await expect.poll(() => audits(serving.path).length, { timeout: 20_000 }).toBe(1000)
    metrics = (await serving.get('/metrics')).text
    expect(metrics).toContain('spillway_promise{cascade="cascade",verdict="broken"} 1')
    expect(metrics).toMatch(/^spillway_audits\{cascade="cascade"\} 1000$/m)
    expect(metrics).toMatch(/^spillway_audit_quality_loss\{cascade="cascade"\} 0\.1/m)
    expect((await serving.stop()).code).toBe(0)
  })

  test('a promise that is broken ends with 3, and says so', async () => {
    const told = await spillway(['audit', log, '--policy', policy])
    expect(told.code).toBe(3)
    expect(told.stderr).toBe('spillway: cascade: the promise is broken\n')
    expect(told.stdout).toContain('1,000 audits of about 1,000 requests to cascade')
    expect(told.stdout).toContain('That it was kept at all times is refuted.')
    const json = await spillway(['audit', log, '--policy', policy, '--json'])
    expect(json.code).toBe(3)
    const report = JSON.parse(json.stdout) as Record<string, never> & {
      promise: { verdict: string }
      quality_loss: { value: number }
    }
    expect(report).toMatchObject({
      cascade: 'cascade',
      requests_estimated: 1000,
      audited: 1000,
      promise: { of: 'quality loss', bound: 0.05, verdict: 'broken', evidence_needed: expect.closeTo(20) },
      drift: [{ signal: 'mean_logprob', unknown_tuning: 'absent', drifted: false }],
      power: { change: 0.02 },
    })
    // What the page and /metrics say is what the command says.
    expect(metrics).toContain(`spillway_audit_quality_loss{cascade="cascade"} ${report.quality_loss.value}`)
  })

  test('another promise, or another time, can be held against the log', async () => {
    const loose = await spillway(['audit', log, '--policy', policy, '--max-quality-loss', '0.5'])
    expect(loose.code).toBe(0)
    expect(loose.stdout).toContain('The audits alone confirm it.')
    const since = await spillway(['audit', log, '--policy', policy, '--since', shift, '--json', '--min-quality', '0.5'])
    expect(JSON.parse(since.stdout)).toMatchObject({ audited: 600, left_out: 400, promise: { of: 'quality' } })
  })

  test('a request that stands there twice counts once, and a line that was cut off not at all', async () => {
    const text = readFileSync(join(log, 'audits.jsonl'), 'utf8')
    const torn = file('audits-torn.jsonl', `${text.slice(0, 300)}\n${text}`)
    const told = await spillway(['audit', log, torn, '--policy', policy, '--json'])
    expect(JSON.parse(told.stdout)).toMatchObject({ audited: 1000 })
    expect(told.stderr).toContain('audits-torn.jsonl:1: this line was cut off and is left out')
    expect(told.stderr).toContain('1000 lines left out, of requests that stand there already')
  })

  test('a policy is tuned on audited traffic', async () => {
    const out = join(serving.path, 'policy-2.json')
    const told = await spillway([
      'tune',
      '--from-log',
      log,
      '--since',
      shift,
      '--max-quality-loss',
      '0.5',
      '--out',
      out,
      '--resamples',
      '200',
    ])
    expect(told.code, told.stderr).toBe(0)
    expect(told.stdout).toContain('600 rows')
    expect(told.stdout).toContain('note: 600 of 600 audits are used')
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ keepWhen: [{ signal: 'mean_logprob' }] })
  })

  test('the audit log has no text unless texts are logged', () => {
    expect(readFileSync(join(log, 'audits.jsonl'), 'utf8')).not.toMatch(/"answer"|"question"/)
    expect(audits(serving.path)[0]).toMatchObject({ scorer: 'exact', probability: 1 })
    expect(audits(serving.path)[0]).not.toHaveProperty('gold')
  })
})

describe('what cannot be audited is told', { timeout: 60_000 }, () => {
  const line: AuditRecord = {
    id: 'a',
    time: '2026-11-26T00:00:00.000Z',
    cascade: 'one',
    policy: 'abc',
    outcome: 'kept',
    probability: 0.5,
    served_cost: 1,
    always_large_cost: 10,
    audit_cost: 10,
    small: { model: 's', cost: 1, signals: {} },
    large: { model: 'l', cost: 10 },
  }
  let policy = ''
  beforeAll(() => {
    policy = file('audited-policy.json', JSON.stringify(promised))
  })
  const hash = async () => {
    const { createHash } = await import('node:crypto')
    return createHash('sha256').update(JSON.stringify(promised)).digest('hex').slice(0, 16)
  }

  test.each([
    ['another policy', [line], [], 'no audits by this policy'],
    [
      'nothing scored',
      [{ ...line, policy: 'HASH' }],
      [],
      'no kept answer has been scored yet; mend serve.audit, or log the texts',
    ],
    ['several cascades', [line, { ...line, id: 'b', cascade: 'two' }], [], 'audits of one, two; give --cascade'],
    [
      'another cascade',
      [line],
      ['--cascade', 'none'],
      'none of 1 line is meant: there are audits of one, the last of 2026',
    ],
    ['another time', [line], ['--since', '2027-01-01'], 'give another --cascade or --since'],
    [
      'failed audits',
      [{ ...line, policy: 'HASH', error: 'the judge large gave no grade' }],
      [],
      '1 failed (the judge large gave no grade); mend serve.audit',
    ],
    ['two promises', [line], ['--max-quality-loss', '0.1', '--min-quality', '0.5'], 'one promise is audited at a time'],
  ] as const)('%s', async (name, lines, flags, message) => {
    const text = jsonl(...lines).replaceAll('HASH', await hash())
    const log = file(`audits-${name.replaceAll(' ', '-')}.jsonl`, text)
    const told = await spillway(['audit', log, '--policy', policy, ...flags])
    expect(told.code).toBe(2)
    expect(told.stderr).toContain(message)
    expect(told.stderr).not.toMatch(/\n\s+at /)
  })

  test('no such log, no such policy, no time', async () => {
    expect(await spillway(['audit', inFolder('nothing.jsonl'), '--policy', policy])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing.jsonl'),
    })
    const log = file('audits-any.jsonl', jsonl(line))
    expect(await spillway(['audit', log, '--policy', 'none.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none.json: cannot be read (ENOENT)'),
    })
    expect((await spillway(['audit', log, '--policy', policy, '--since', 'soon'])).stderr).toContain('Expected a time')
  })

  test.each([
    ['neither scorer nor texts', {}, 'audits could find nothing'],
    ['a scorer and a judge', { scorer: 'exact', judge: 'large' }, 'leave one of them out'],
    ['a judge that is not there', { judge: 'nobody' }, 'there is no model nobody to judge; there are small, large'],
    ['a prompt without a judge', { scorer: 'exact', prompt: '{{answer}}' }, 'write judge: NAME'],
    [
      'a prompt that is not there',
      { judge: 'large', prompt: 'none.txt' },
      /serve\.audit: .*none\.txt: this prompt is no file/,
    ],
    ['no such scorer', { scorer: 'exat' }, 'did you mean exact?'],
    ['a probability of 2', { probability: 2, scorer: 'exact' }, 'serve.audit'],
  ])('a gateway with %s does not start', async (_, audit, message) => {
    const folder = serveFolder({ policy: promised }, configOf({ serve: { audit } }))
    const told = await spillway(['serve', '--config', folder.config, '--port', '0'])
    expect(told.code).toBe(2)
    expect(told.stderr).toMatch(message)
  })
})

test('a judge grades both answers by one prompt, and its cost is the audit’s', { timeout: 60_000 }, async () => {
  const small = await upstream((asked) => {
    const { content } = (asked.fields.messages as { content: string }[])[0]
    return { words: [[content.includes('You grade') ? 'unfit' : 'red', -0.1]] }
  })
  const large = await upstream((asked) => {
    const { content } = (asked.fields.messages as { content: string }[])[0]
    if (!content.includes('You grade')) return { words: [['blue', -0.1]] }
    return { words: [[/Answer:\nblue/.test(content) ? '9' : '3/10', -0.1]] }
  })
  const config = configOf({ small: small.url, large: large.url, serve: { audit: { probability: 1, judge: 'large' } } })
  const serving = await startServe({}, serveFolder({ policy: promised }, config))
  await serving.ask(chat())
  expect((await serving.stop()).code).toBe(0)
  const [audit] = audits(serving.path)
  expect(audit).toMatchObject({ scorer: 'judge:large', small: { quality: 0.3 }, large: { quality: 0.9 } })
  expect(audit.audit_cost!).toBeGreaterThan(2 * audit.large!.cost!)
})
