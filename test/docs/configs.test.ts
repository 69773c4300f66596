import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load-config.ts'
import type { Config, ModelEntry } from '../../src/config/schema.ts'
import { chat } from '../support/client.ts'
import { questionsOf, rowsOf } from '../support/collected.ts'
import { exampleConfigPath, exampleConfigs, exampleConfigText, movedTo } from '../support/example-configs.ts'
import { inFolder, jsonl } from '../support/files.ts'
import { run } from '../support/process.ts'
import { serveFolder, startServe } from '../support/serve.ts'
import { upstream, type Said } from '../support/upstream.ts'

/** A key for every variable that a file names. */
const keysFor = (text: string) =>
  Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => [variable, `sk-fake-${variable}`]))

const sure: Said = { words: [['sure', -0.01]] }
const unsure: Said = { words: [['unsure', -4]] }
const large: Said = { words: [['large', -0.5]] }

test('there is a configuration for each pair that the documentation promises', () => {
  expect(exampleConfigs).toEqual(['llama-cpp-openrouter.yaml', 'ollama-openai.yaml', 'vllm-openai.yaml'])
})

describe.each(exampleConfigs)('examples/configs/%s', { timeout: 60_000 }, (name) => {
  const text = exampleConfigText(name)
  const env = keysFor(text)

  test('is a configuration of both models, with their prices', async () => {
    const { small, large: second, collect, serve } = await loadConfig(exampleConfigPath(name))
    for (const entry of [small, second]) expect(entry).toMatchObject({ price: expect.anything() as unknown })
    expect({ collect, serve }).toMatchObject({
      collect: { questions: 'questions.jsonl' },
      serve: { policy: 'policy.json' },
    })
  })

  test('is understood by the gateway, which shows no key', async () => {
    const { config } = serveFolder({}, text)
    const { code, stdout, stderr } = await run(['serve', '--config', config, '--check'], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(parse(stdout)).toMatchObject({ cascades: { cascade: { stages: [{ model: 'small' }, { model: 'large' }] } } })
    expect(stdout).not.toContain('sk-fake')
  })

  test('keeps an answer and escalates another', async () => {
    const [first, last] = [
      await upstream(({ fields }) => (JSON.stringify(fields.messages).includes('easy') ? sure : unsure)),
      await upstream(() => large),
    ]
    const served = serveFolder({}, movedTo(text, { small: first.url, large: last.url }))
    const gateway = await startServe({ env }, served)
    const asked = async (content: string) => (await gateway.ask(chat({ messages: [{ role: 'user', content }] }))).text
    expect(await asked('an easy one')).toContain('"sure"')
    expect(await asked('a hard one')).toContain('"large"')
    await gateway.stop()
    expect(gateway.lines().map(({ outcome }) => outcome)).toEqual(['kept', 'escalated'])
    expect(last.asked).toHaveLength(1)
    for (const [role, server] of [
      ['small', first],
      ['large', last],
    ] as const) {
      const entry = (parse(text) as Config)[role] as ModelEntry
      const { headers, fields } = server.asked[0]
      expect(entry.model).toContain(fields.model)
      if (entry.key !== undefined) expect(headers.authorization).toBe(`Bearer ${env[entry.key.slice(2, -1)]}`)
    }
  })

  test('collects outcomes with signals', async () => {
    const [first, last] = [await upstream(() => sure), await upstream(() => large)]
    const place = inFolder(`collect-${name}`)
    mkdirSync(place)
    const config = join(place, 'spillway.yaml')
    writeFileSync(config, movedTo(text, { small: first.url, large: last.url }))
    writeFileSync(join(place, 'questions.jsonl'), jsonl(...questionsOf(3)))
    const out = join(place, 'outcomes.jsonl')
    const { code, stderr } = await run(['collect', '--config', config, '--out', out], env)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const rows = rowsOf(out)
    expect(rows).toHaveLength(3)
    for (const { small } of rows) expect(small?.signals.mean_logprob).toBeCloseTo(-0.01, 6)
  })
})
