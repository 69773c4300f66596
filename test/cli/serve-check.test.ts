import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import { run } from '../support/process.ts'
import { configOf, serveFolder, sureEnough } from '../support/serve.ts'

const secret = (name: string) => `canary-${name}-4711`
const sha256 = hashOfKey(secret('client'))
const config = configOf({
  small: `http://127.0.0.1:9/v1?code=${secret('url')}`,
  smallEntry: {
    key: '${KEY}',
    headers: { 'x-team': '${TEAM}', 'x-title': 'spillway' },
    query: { 'api-version': secret('query') },
    body: { seed: 7, api_key: secret('body') },
  },
  largeEntry: { key_file: 'key', price: undefined },
  serve: {
    port: 4711,
    when_large_fails: 'error',
    keys: [{ name: 'alice', sha256 }],
    cascades: { other: { policy: 'policy.json', mode: 'early', speculate_after: 3, tokens: 'content' } },
    pass_through: { embeddings: ['short'] },
  },
})
const folder = serveFolder({}, { ...config, models: { short: `m@http://127.0.0.1:9/v1?sig=${secret('short')}` } })
folder.write('key', `${secret('file')}\n`)
const env = { KEY: secret('env'), TEAM: secret('header') }
const check = (...more: string[]) => run(['serve', '--config', folder.config, '--check', ...more], env)

describe('serve --check', () => {
  test('prints the configuration as it is understood, and ends', async () => {
    const { code, stdout, stderr } = await check('--host', '0.0.0.0')
    expect(code).toBe(0)
    const cascade = { mode: 'buffer', when_large_fails: 'error', several_answers: 'large' }
    const keep = { keep: sureEnough, top_logprobs: 0, tokens: 'all' }
    expect(parse(stdout)).toMatchObject({
      listen: { host: '0.0.0.0', port: 4711 },
      cascades: {
        cascade: { ...cascade, stages: [{ model: 'small', ...keep }, { model: 'large' }] },
        other: { mode: 'early', speculate_after: 3, stages: [{ tokens: 'content' }, {}] },
      },
      models: {
        small: { upstream: 'small-model', price: { input: 1, output: 2 } },
        large: { upstream: 'large-model', price: null },
        short: { upstream: 'm' },
      },
      configuration: {
        small: { body: { seed: 7 }, key: '[redacted]', headers: { 'x-title': '[redacted]' } },
        large: { key_file: 'key' },
        serve: { keys: [{ name: 'alice', sha256: '[redacted]' }] },
      },
    })
    expect(stderr).toMatch(/^spillway: large: no price, so that costs and savings are not known/)
    expect(existsSync(join(folder.path, 'decisions'))).toBe(false)
  })

  test('shows no secret, from wherever it is', async () => {
    const { stdout, stderr } = await check()
    expect(stdout).toContain('http://127.0.0.1:9/v1?[redacted]')
    for (const text of [stdout, stderr]) {
      expect(text).not.toMatch(/canary-/)
      expect(text).not.toContain(sha256)
    }
  })

  test('tells how many alternatives a policy takes, and of which answers it was tuned', async () => {
    const signals = { min_margin: { direction: 'higher', unit: 'probability', model: 'other-model', topK: 4 } }
    const policy = { ...keepWhen([{ signal: 'min_margin', atLeast: 0.2 }]), signals } as const
    const tuned = serveFolder({ policy: JSON.stringify(policy) })
    const { stdout, stderr } = await run(['serve', '--config', tuned.config, '--check'])
    expect(parse(stdout)).toMatchObject({ cascades: { cascade: { stages: [{ top_logprobs: 4 }, {}] } } })
    expect(stderr).toMatch(/small-model is asked, and the policy was tuned on answers of other-model/)
  })
})
