import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inFolder } from '../support/files.ts'
import { packedFolder } from '../support/packed.ts'
import { servePair, type PairServer } from '../support/pair-server.ts'
import { openTiny, tinyPair } from '../support/tiny-pair.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples/ai-sdk/answer.mjs')
const page = readFileSync(join(root, 'docs/ai-sdk.md'), 'utf8')
const blocks = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block)
const run = promisify(execFile)

describe('with a tarball of the package, and a server with real models', () => {
  const folder = inFolder('ai-sdk-docs')
  let server: PairServer
  let close: () => Promise<void>
  beforeAll(async () => {
    packedFolder(folder)
    copyFileSync(join(tinyPair, 'small.gguf'), join(folder, 'small.gguf'))
    // At the server, the model that it was tuned on has another name.
    const policy = readFileSync(join(tinyPair, 'policy.json'), 'utf8').replace('"small.gguf"', '"small"')
    writeFileSync(join(folder, 'policy.json'), policy)
    copyFileSync(example, join(folder, 'answer.mjs'))
    for (const [i, block] of blocks.entries())
      for (const type of ['mjs', 'mts'])
        writeFileSync(join(folder, `block-${i}.${type}`), type === 'mjs' ? block.replaceAll('!,', ',') : block)
    const [small, large] = [await openTiny('small'), await openTiny('large')]
    server = await servePair({ small, large })
    close = async () => {
      await server.close()
      await small.close()
      await large.close()
    }
  }, 120_000)
  afterAll(() => close())

  const node = (...args: string[]) =>
    run(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, LLM_URL: server.url },
    })

  test('the example answers through the cascade, in at most 20 lines', async () => {
    expect(readFileSync(example, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(20)
    expect((await node('answer.mjs', '47+85=')).stdout).toBe('132\nsmall (conditions-hold), cost 1\n')
    expect((await node('answer.mjs', '31*47=')).stdout).toMatch(/^\d+\nlarge \(condition-fails\), cost 11\n$/)
  })

  test.each([
    [0, /^132 \d+ keep\n$/],
    [1, /^[\d\n]+$/],
    [2, /^132\n$/],
    [3, /^102\n102\n$/],
  ] as const)('the block %i of the documentation runs', async (i, printed) => {
    expect(blocks).toHaveLength(4)
    expect((await node(`block-${i}.mjs`)).stdout).toMatch(printed)
  })

  test('its blocks have the types they seem to have', async () => {
    const flags = '--noEmit --strict --target es2023 --module nodenext --types node --skipLibCheck'
    const files = blocks.map((_, i) => `block-${i}.mts`)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await node(tsc, ...flags.split(' '), ...files).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })
})
