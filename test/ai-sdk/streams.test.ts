import { setTimeout as wait } from 'node:timers/promises'
import { APICallError, type LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { generateText } from 'ai'
import { describe, expect, test, vi } from 'vitest'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { scene, toldBy, wayNames, type Scene } from '../support/ai-sdk.ts'
import { unsure } from '../support/upstream-words.ts'

const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is it?' }] }]
const FIRST = keepWhen([{ signal: 'mean_logprob_at_1', atLeast: -1 }])
const WORST = keepWhen([{ signal: 'min_logprob', atLeast: -1 }])

async function partsOf({ model }: Scene, more: object = {}): Promise<LanguageModelV3StreamPart[]> {
  const { stream } = await model.doStream({ prompt, ...more })
  const parts: LanguageModelV3StreamPart[] = []
  for await (const part of stream) parts.push(part)
  return parts
}
const times = (n: number, text: string, logprob: number) =>
  Array.from({ length: n }, (): [string, number] => [text, logprob])
const textIn = (parts: readonly LanguageModelV3StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('')

describe.each(wayNames)('a stream over %s', (way) => {
  test('begins with its warnings, holds no raw chunks, and ends with one finish', async () => {
    const parts = await partsOf(await scene(way))
    expect(parts[0]).toEqual({ type: 'stream-start', warnings: [] })
    const types = parts.map(({ type }) => type)
    expect(types).not.toContain('raw')
    expect(types.filter((type) => type === 'finish' || type === 'stream-start')).toHaveLength(2)
    expect(types.at(-1)).toBe('finish')
  })

  test('has raw chunks for who asks for them', async () => {
    const parts = await partsOf(await scene(way), { includeRawChunks: true })
    expect(parts.some(({ type }) => type === 'raw')).toBe(true)
  })

  test('in mode early, is told from its decision on', async () => {
    const { model, large } = await scene(
      way,
      { small: { words: [['a', -0.1], ...times(50, ' b', -3)], after: 4, ends: 'stall' } },
      { policy: FIRST, mode: 'early' },
    )
    const stop = new AbortController()
    const { stream } = await model.doStream({ prompt, abortSignal: stop.signal })
    const reader = stream.getReader()
    const parts: LanguageModelV3StreamPart[] = []
    while (textIn(parts) !== 'a b b') parts.push((await reader.read()).value!)
    expect(large.asked).toEqual([])
    stop.abort(new Error('enough'))
    await expect(reader.read()).rejects.toThrow('enough')
  })

  test('ends the small call as soon as its answer can only be escalated', async () => {
    const one = await scene(
      way,
      { small: { words: [['no', -2], ...times(5, ' x', -0.1)], after: 4, ends: 'stall' } },
      { policy: WORST },
    )
    const parts = await partsOf(one)
    expect(textIn(parts)).toBe('Grüße 🙂 done')
    expect(one.records[0]).toMatchObject({
      outcome: 'escalated',
      censored: true,
      signals: { min_logprob: { upper: -2 } },
      calls: [{ result: 'aborted', estimated: true }, {}],
    })
    await vi.waitFor(() => expect(one.small.asked[0].left).toBe(true))
  })

  test('asks the large model ahead of time where it is told to', async () => {
    const words = [...unsure, ...unsure]
    const one = await scene(way, { small: { words, after: 5, ends: 'stall' } }, { speculateAfter: 2 })
    const stop = new AbortController()
    const asked = partsOf(one, { abortSignal: stop.signal })
    // The small answer is still to end.
    await vi.waitFor(() => expect(one.large.asked).toHaveLength(1))
    stop.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    await vi.waitFor(() => expect(one.small.asked[0].left).toBe(true))
  })

  test('a small answer that stops short of its end is answered for by the large model', async () => {
    const one = await scene(way, { small: { after: 3, ends: 'cut' } })
    expect(textIn(await partsOf(one))).toBe('Grüße 🙂 done')
    expect(one.records[0].outcome).toBe('small-failed')
  })

  test.each(['reset', 'error'] as const)('an answer that breaks off (%s) ends with an error', async (ends) => {
    const one = await scene(way, { small: { words: unsure }, large: { after: 3, ends } }, { fallback: false })
    const parts = await partsOf(one)
    expect(textIn(parts)).toMatch(/^Grüße/)
    expect(parts.filter(({ type }) => type === 'error')).toHaveLength(1)
    const end = parts.at(-1)!
    expect(end).toMatchObject({ type: 'finish', finishReason: { unified: 'error' } })
    expect(toldBy(end.type === 'finish' ? (end.providerMetadata as never) : undefined).stage).toBe('large')
    expect(one.records).toMatchObject([{ status: 502, calls: [{ result: 'answered' }, { result: 'failed' }] }])
  })

  test('is aborted before its first part, upstream as well', async () => {
    const one = await scene(way, { small: { ends: 'stall' } })
    const stop = new AbortController()
    const asked = partsOf(one, { abortSignal: stop.signal })
    await vi.waitFor(() => expect(one.small.asked).toHaveLength(1))
    const reason = new Error('changed my mind')
    stop.abort(reason)
    await expect(asked).rejects.toBe(reason)
    await vi.waitFor(() => expect(one.small.asked[0].left).toBe(true))
    expect(one.large.asked).toEqual([])
    expect(one.records).toMatchObject([{ outcome: 'aborted', status: 499, stage: null }])
  })

  test('that nobody reads on ends the call', async () => {
    const one = await scene(way, { small: { words: unsure }, large: { after: 3, ends: 'stall' } })
    const { stream } = await one.model.doStream({ prompt })
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel()
    await vi.waitFor(() => expect(one.large.asked[0].left).toBe(true))
    await vi.waitFor(() => expect(one.records).toMatchObject([{ outcome: 'aborted', status: 499 }]))
  })

  test('whose reader waits is let go of as well', async () => {
    const one = await scene(way, { small: { words: unsure }, large: { after: 3, ends: 'stall' } })
    const { stream } = await one.model.doStream({ prompt })
    const reader = stream.getReader()
    const all = (async () => {
      while (!(await reader.read()).done);
    })()
    await vi.waitFor(() => expect(one.large.asked).toHaveLength(1))
    await wait(50)
    await reader.cancel()
    await all
    await vi.waitFor(() => expect(one.large.asked[0].left).toBe(true))
  })
})

describe.each(wayNames)('a request over %s', (way) => {
  test('is aborted upstream as well', async () => {
    const one = await scene(way, { small: { firstMs: 60_000 } })
    const stop = new AbortController()
    const asked = generateText({ model: one.model, prompt: 'x', abortSignal: stop.signal, maxRetries: 0 })
    await vi.waitFor(() => expect(one.small.asked).toHaveLength(1))
    const reason = new Error('changed my mind')
    stop.abort(reason)
    await expect(asked).rejects.toBe(reason)
    await vi.waitFor(() => expect(one.small.asked[0].left).toBe(true))
    expect(one.records[0].outcome).toBe('aborted')
  })

  test.each(['doGenerate', 'doStream'] as const)("fails with the large model's own error (%s)", async (call) => {
    const down = { status: 503, body: JSON.stringify({ error: { message: 'out of order' } }) }
    const one = await scene(way, { small: down, large: down })
    const error: unknown = await one.model[call]({ prompt }).then(undefined, (thrown: unknown) => thrown)
    expect((error as Error).message).toContain('out of order')
    expect(APICallError.isInstance(error)).toBe(way !== 'own')
    expect(one.records[0]).toMatchObject({ outcome: 'failed', stage: null, status: 503 })
  })

  test.each(['doGenerate', 'doStream'] as const)(
    'says what to do where a signal must not be missing (%s)',
    async (call) => {
      const policy = { ...keepWhen([{ signal: 'mean_logprob', atLeast: -1 }], 'error') }
      const one = await scene(way, { small: { logprobs: 'absent' } }, { policy })
      await expect(one.model[call]({ prompt })).rejects.toMatchObject({
        code: 'missing-signal',
        message: expect.stringMatching(
          way === 'own'
            ? /^small \(spillway tiny\): .*onMissing: error.*; its answer came without/
            : /^small \((openai|local)\.chat tiny\): .*onMissing: error.*languageModel\(\)/,
        ) as string,
      })
      expect(one.large.asked).toEqual([])
    },
  )

  test('is told how it differs from what its policy was tuned on', async () => {
    const policy = {
      ...keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]),
      signals: { mean_logprob: { model: 'another', temperature: 0 } },
    }
    const { model } = await scene(way, {}, { policy })
    const { warnings } = await model.doGenerate({ prompt, temperature: 1 })
    expect(warnings).toEqual([
      { type: 'other', message: expect.stringContaining('tuned on answers of another') as string },
      { type: 'other', message: expect.stringContaining('temperature 1, and the policy was tuned at 0') as string },
    ])
    const [start] = await partsOf({ model } as Scene, { temperature: 1 })
    expect(start).toEqual({ type: 'stream-start', warnings })
  })
})
