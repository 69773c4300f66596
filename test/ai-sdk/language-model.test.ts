import { generateText, jsonSchema, Output, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cascade, languageModel } from '../../src/ai-sdk/index.ts'
import { cascade as modelCascade } from '../../src/cascade/cascade.ts'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { decide } from '../../src/core/policy/decide.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import type { LlamaCppModel } from '../../src/models/llama-cpp.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { httpServer } from '../support/http-server.ts'
import { openTiny } from '../support/tiny-pair.ts'
import { upstream, type Upstream } from '../support/upstream.ts'

globalThis.AI_SDK_LOG_WARNINGS = false

const asked = ({ asked: all }: Upstream) => all.at(-1)!.fields

describe('a server as a language model', () => {
  const modelAt = ({ url }: Upstream, more: object = {}) =>
    languageModel(openAiModel({ id: 'mine', url, model: 'tiny', retries: 0, ...more }))

  test('is asked in the words of the chat API', async () => {
    const server = await upstream(() => ({ call: [['{"at":"sea"}', -0.1]] }))
    const model = modelAt(server, { body: { keep_alive: 5, max_completion_tokens: 9 } })
    expect([model.provider, model.modelId]).toEqual(['spillway', 'mine'])
    const { text, toolCalls, warnings, usage } = await generateText({
      model,
      system: 'Be brief.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is in it?' },
            { type: 'image', image: new Uint8Array([1, 2, 3]), mediaType: 'image/png' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'look', input: { at: 'sea' } }],
        },
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'look', output: { type: 'json', value: [1] } }],
        },
      ],
      tools: { look: tool({ description: 'Looks.', inputSchema: jsonSchema({ type: 'object' }) }) },
      toolChoice: { type: 'tool', toolName: 'look' },
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      topK: 3,
      seed: 7,
      stopSequences: ['.'],
      presencePenalty: 1,
      frequencyPenalty: 2,
      headers: { 'x-own': 'yes' },
    })
    expect(text).toBe('Grüße 🙂 done')
    expect(toolCalls).toMatchObject([{ toolCallId: 'call-tiny', input: { at: 'sea' } }])
    expect(usage).toMatchObject({ inputTokens: 7, outputTokens: 4 })
    expect(warnings).toEqual([{ type: 'unsupported', feature: 'topK' }])
    expect(server.asked[0].headers['x-own']).toBe('yes')
    expect(asked(server)).toEqual({
      model: 'tiny',
      keep_alive: 5,
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is in it?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"at":"sea"}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: '[1]' },
      ],
      tools: [{ type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      max_completion_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      stop: ['.'],
      presence_penalty: 1,
      frequency_penalty: 2,
    })
  })

  test('is asked for JSON of a schema', async () => {
    const server = await upstream(() => ({ words: [['{"a":1}', -0.1]] }))
    const schema = jsonSchema<{ a: number }>({ type: 'object', properties: { a: { type: 'number' } } })
    const { output } = await generateText({ model: modelAt(server), prompt: 'x', output: Output.object({ schema }) })
    expect(output).toEqual({ a: 1 })
    expect(asked(server).response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'response', schema: { properties: { a: { type: 'number' } } }, strict: true },
    })
    await generateText({ model: modelAt(server), prompt: 'x', output: Output.json() })
    expect(asked(server).response_format).toEqual({ type: 'json_object' })
  })

  test('gives reasoning as reasoning, and calls without an id one', async () => {
    const chunks = [
      { delta: { reasoning_content: 'Hm' } },
      { delta: { reasoning_content: '.' } },
      { delta: { content: 'So' } },
      { delta: { tool_calls: [{ index: 0, function: { name: 'look', arguments: '' } }] } },
      { delta: {}, finish_reason: 'tool_calls' },
    ]
    const server = await httpServer((response) => {
      response.setHeader('content-type', 'text/event-stream')
      for (const chunk of chunks) response.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...chunk }] })}\n\n`)
      response.end('data: [DONE]\n\n')
    })
    const model = languageModel(openAiModel({ id: 'mine', url: server.origin, model: 'tiny' }))
    const tools = { look: tool({ inputSchema: jsonSchema({ type: 'object' }) }) }
    const answer = streamText({ model, prompt: 'x', tools })
    expect(await answer.reasoningText).toBe('Hm.')
    expect(await answer.text).toBe('So')
    expect(await answer.toolCalls).toMatchObject([{ toolName: 'look', input: {} }])
    expect(await answer.finishReason).toBe('tool-calls')
    await server.close()
  })

  test('refuses files that the chat API has no word for', async () => {
    const server = await upstream()
    const file = { type: 'file' as const, data: new Uint8Array([1]), mediaType: 'audio/wav' }
    await expect(
      generateText({ model: modelAt(server), messages: [{ role: 'user', content: [file] }], maxRetries: 0 }),
    ).rejects.toThrow('mine: a prompt may hold texts and images, not audio/wav')
  })
})

describe('GGUF files as language models', () => {
  let [small, large]: LlamaCppModel[] = []
  beforeAll(async () => {
    small = await openTiny('small')
    large = await openTiny('large')
  })
  afterAll(async () => {
    await small.close()
    await large.close()
  })
  const policies = {
    min_margin: keepWhen([{ signal: 'min_margin', atLeast: 0.3 }]),
    // Of whole distributions, which no wire format has a word for.
    mean_entropy: keepWhen([{ signal: 'mean_entropy', atMost: 0.2 }]),
  }

  test.each(Object.entries(policies))('decide on %s as spillway/cascade does', async (signal, policy) => {
    const records: DecisionRecord[] = []
    const log = (record: DecisionRecord) => records.push(record)
    const model = cascade({ small: languageModel(small), large: languageModel(large), policy, log })
    const other = modelCascade({ stages: [{ model: small }, { model: large }], policy })
    for (const prompt of ['47+85=', '6*17=', 'sort 8352917=', 'max 4 968 707 503 274=']) {
      records.length = 0
      const { events, record } = await other.ask({
        prompt,
        maxTokens: 30,
        temperature: 0,
      })
      let text = ''
      for await (const event of events) if (event.type === 'text') text += event.text
      const settings = { model, prompt, maxOutputTokens: 30, temperature: 0 }
      expect((await generateText(settings)).text).toBe(text)
      expect(await streamText(settings).text).toBe(text)
      for (const { decision, signals, censored } of records) {
        expect(decision).toBe(record().decision)
        expect(decide(policy, signals!).action).toBe(decision)
        if (censored === undefined && record().censored === undefined)
          expect(signals![signal]).toBe(record().signals![signal])
      }
      expect(records).toHaveLength(2)
    }
  })

  test('say which settings they leave out, and refuse what they cannot do', async () => {
    const model = languageModel(small)
    const { warnings } = await generateText({ model, prompt: '6*17=', topP: 0.5, maxOutputTokens: 4 })
    expect(warnings).toEqual([{ type: 'unsupported', feature: 'topP' }])
    const tools = { look: tool({ inputSchema: jsonSchema({ type: 'object' }) }) }
    await expect(generateText({ model, prompt: 'x', tools })).rejects.toThrow(
      'small.gguf: a local model takes no tools',
    )
    await expect(generateText({ model, prompt: 'x', output: Output.json() })).rejects.toThrow(
      'takes no response format',
    )
  })
})
