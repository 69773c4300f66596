import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { serveCommand } from '../../src/cli/serve.ts'
import { SpillwayError } from '../../src/core/errors.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { configOf, serveFolder, type ServeFolder, type ServeScene } from '../support/serve.ts'

const CANARY = 'sk-canary-4711'

/** What the command says before it ends, here in this process. */
async function said(args: readonly string[]): Promise<string> {
  const error: unknown = await serveCommand()
    .parseAsync(args, { from: 'user' })
    .catch((thrown: unknown) => thrown)
  return SpillwayError.is(error) ? error.message : `unexpected: ${String(error)}`
}

async function expectRefused(args: string[], says: RegExp) {
  const text = await said([...args, '--port', '0'])
  expect(text).toMatch(says)
  expect(text.split('\n')).toHaveLength(1)
  expect(text).not.toContain(CANARY)
}

const usual = stringify(configOf({}))
const chain = { stages: ['small', 'mid', 'large'], policy: 'policy.json' }
const entropy = { policy: keepWhen([{ signal: 'mean_entropy', atMost: 1 }]) }
const verified = { policy: keepWhen([{ signal: 'self_verification', atLeast: 0.5 }]) }

describe('serve refuses a configuration', () => {
  test.each<[string, ServeScene, object | string, RegExp]>([
    ['that is no YAML', {}, `${usual}  - "`, /spillway\.yaml:\d+: \w/],
    [
      'with a key that there is none of',
      {},
      `${usual}  polcy: x\n`,
      /spillway\.yaml:17: serve\.polcy: there is no such key; there are host, port/,
    ],
    [
      'with a key in it',
      {},
      usual.replace('price:', `key: ${CANARY}\n  price:`),
      /spillway\.yaml:4: small\.key: a key does not belong in a file: write \$\{NAME\}/,
    ],
    [
      'with a key in a header',
      {},
      configOf({ largeEntry: { headers: { 'api-key': CANARY } } }),
      /spillway\.yaml:\d+: large\.headers\.api-key: a key does not belong in a file/,
    ],
    [
      'with a password in an address',
      {},
      configOf({ small: `http://me:${CANARY}@127.0.0.1/v1` }),
      /127\.0\.0\.1: a model's URL cannot hold a password/,
    ],
    [
      'whose key is nowhere',
      {},
      configOf({ smallEntry: { key: '${NO_SUCH_KEY}' } }),
      /the key of the small model: the environment variable NO_SUCH_KEY is not set/,
    ],
    [
      'without a policy',
      {},
      configOf({ serve: { policy: undefined } }),
      /spillway\.yaml: serve: no policy; write policy: policy\.json/,
    ],
    [
      'whose policy is nowhere',
      {},
      configOf({ serve: { policy: 'other.json' } }),
      /other\.json: there is no such file; `spillway tune` makes one/,
    ],
    ['whose policy is no policy', { policy: '{"version":1}' }, usual, /policy\.json: \w/],
    [
      'whose policy reads what no answer tells',
      verified,
      usual,
      /policy\.json: the policy reads self_verification, which cannot be measured on an answer as it comes/,
    ],
    [
      'whose policy reads entropies of nobody knows what',
      entropy,
      usual,
      /policy\.json: an entropy is a matter of how many alternatives are seen, .*write top_logprobs: N beside it/,
    ],
    [
      'with a stage that there is none of',
      {},
      configOf({ serve: { cascades: { x: { ...chain, stages: ['tiny', 'large'] } } } }),
      /spillway\.yaml: serve\.cascades\.x\.stages: there is no model tiny; there are small, large/,
    ],
    [
      'with fewer policies than stages take',
      {},
      configOf({ serve: { cascades: { x: chain } } }),
      /spillway\.yaml: serve\.cascades\.x\.policy: 3 stages take 2 policies, and there are 1/,
    ],
    [
      'with one name for two things',
      {},
      configOf({ serve: { cascades: { small: { policy: 'policy.json' } } } }),
      /serve\.cascades\.small: a model has that name already/,
    ],
    [
      'that passes on to what is no model',
      {},
      configOf({ serve: { pass_through: { embeddings: ['tiny'] } } }),
      /serve\.pass_through\.embeddings: there is no model tiny/,
    ],
    [
      'with a key where its hash should be',
      {},
      configOf({ serve: { keys: [{ name: 'alice', sha256: CANARY }] } }),
      /spillway\.yaml:\d+: serve\.keys\.0\.sha256: expected the SHA-256 of a key/,
    ],
    [
      'that lets everyone in',
      {},
      configOf({ serve: { host: '0.0.0.0' } }),
      /0\.0\.0\.0 can be reached from other machines, and there are no keys/,
    ],
  ])('%s', async (_, scene, config, says) => {
    await expectRefused(['--config', serveFolder(scene, config).config], says)
  })

  test('that is nowhere, or that nobody names', async () => {
    await expectRefused(['--config', 'no-such.yaml'], /no-such\.yaml: the configuration cannot be read \(ENOENT\)/)
    await expectRefused([], /no configuration: give --config spillway\.yaml, or --demo to try it without/)
  })

  test('with a file of a key that is empty or nowhere', async () => {
    const folder: ServeFolder = serveFolder({}, configOf({ smallEntry: { key_file: 'key' } }))
    await expectRefused(['--config', folder.config], /the key of the small model: .*key cannot be read \(ENOENT\)/)
    folder.write('key', ' \n')
    await expectRefused(['--config', folder.config], /the key of the small model: .*key is empty/)
  })

  test('with two places for one key', async () => {
    const config = configOf({ smallEntry: { key: '${KEY}', key_file: 'key' } })
    await expectRefused(['--config', serveFolder({}, config).config], /give key or key_file, not both/)
  })
})

test.each(['0.0.0.0', '::', 'example.org'])('serve listens at %s for nobody without keys', async (host) => {
  await expectRefused(['--config', serveFolder({}).config, '--host', host], /there are no keys: whoever reaches it/)
  // An open door is refused before the configuration is shown, too.
  await expectRefused(['--config', serveFolder({}).config, '--host', host, '--check'], /there are no keys/)
})
