import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { run } from '../support/process.ts'
import { configOf, serveFolder, type ServeScene } from '../support/serve.ts'

/** The built command: one sentence, exit code 2, and nothing for programmers. */
async function expectEnded(args: string[], says: RegExp) {
  const { code, stdout, stderr } = await run(['serve', ...args])
  expect(stderr.replace(/^spillway: (?:small|large): no price.*\n/gm, '')).toMatch(/^spillway: .*\n$/)
  expect(stderr).toMatch(says)
  expect([code, stdout]).toEqual([2, ''])
}

const usual = stringify(configOf({}))
const verified = { policy: keepWhen([{ signal: 'self_verification', atLeast: 0.5 }]) }

test.each<[string, ServeScene, object | string | undefined, string[], RegExp]>([
  ['a file that is nowhere', {}, undefined, ['--config', 'no-such.yaml'], /no-such\.yaml: .*ENOENT/],
  ['nothing to serve', {}, undefined, [], /no configuration/],
  ['no port', {}, undefined, ['--port', 'x'], /--port/],
  ['broken YAML', {}, `${usual}  - "`, [], /spillway\.yaml:\d+: /],
  ['a policy that no answer tells enough for', verified, usual, [], /cannot be measured/],
  ['an open door', {}, usual, ['--host', '0.0.0.0'], /there are no keys/],
])('the command ends with exit code 2 for %s', async (_, scene, config, args, says) => {
  const own = config === undefined ? [] : ['--config', serveFolder(scene, config).config]
  await expectEnded([...own, ...args], says)
})

test('serve says that someone else listens where it is to listen itself', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const says = new RegExp(`127\\.0\\.0\\.1:${port}: another program listens there; give --port another one`)
  await expectEnded(['--config', serveFolder({}).config, '--port', String(port)], says)
  await expectEnded(['--demo', '--port', String(port)], says)
})
