import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TokenStep } from '../../src/core/signals/trace.ts'
import { llamaCppModel, type LlamaCppModel } from '../../src/models/llama-cpp.ts'
import type { Model, ModelRequest } from '../../src/models/model.ts'
import { file } from '../support/files.ts'
import { openTiny, tinyPair } from '../support/tiny-pair.ts'

interface Reference {
  model: 'small' | 'large'
  question: string
  answer: string
  logprobs: number[]
  entropies: number[]
}

const references = readFileSync(new URL('../fixtures/tiny-pair/torch.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Reference)

async function answer(model: Model, request: ModelRequest): Promise<{ text: string; tokens: TokenStep[] }> {
  let text = ''
  const tokens: TokenStep[] = []
  for await (const event of model.generate(request)) {
    if (event.type === 'text') text += event.text
    if (event.type === 'token') tokens.push(event.token)
  }
  return { text, tokens }
}

describe.each(['small', 'large'] as const)('the shipped %s model', (name) => {
  let model: LlamaCppModel
  beforeAll(async () => {
    model = await openTiny(name)
  })
  afterAll(() => model.close())

  test('gives the answers, log-probabilities and entropies that torch gives', async () => {
    const rows = references.filter((row) => row.model === name)
    expect(rows.length).toBe(100)
    let worst = 0
    for (const { question, answer: expected, logprobs, entropies } of rows) {
      const { text, tokens } = await answer(model, { prompt: question, topLogprobs: 1 })
      expect(text).toBe(expected)
      expect(tokens.length).toBe(logprobs.length)
      for (const [place, token] of tokens.entries())
        worst = Math.max(worst, Math.abs(token.logprob! - logprobs[place]), Math.abs(token.entropy! - entropies[place]))
    }
    expect(worst).toBeLessThan(5e-4)
  })
})

describe('a local model', () => {
  let model: LlamaCppModel
  let top: LlamaCppModel
  beforeAll(async () => {
    model = await openTiny('small')
    top = await llamaCppModel({ path: `${tinyPair}/small.gguf`, entropy: 'top' })
  })
  afterAll(async () => {
    await model.close()
    await top.close()
  })

  test('gives the same log-probabilities from the top alternatives as from the whole distribution', async () => {
    for (const { question } of references.slice(0, 20)) {
      const whole = await answer(model, { prompt: question, topLogprobs: 4 })
      const few = await answer(top, { prompt: question, topLogprobs: 4 })
      expect(few.text).toBe(whole.text)
      for (const [place, token] of few.tokens.entries()) {
        expect(token.entropy).toBeUndefined()
        expect(token.logprob).toBeCloseTo(whole.tokens[place].logprob!, 4)
        expect(token.alternatives!.length).toBe(4)
        for (const [k, log] of token.alternatives!.entries())
          expect(log).toBeCloseTo(whole.tokens[place].alternatives![k], 4)
      }
    }
  })

  test('samples at a temperature by its seed, and tells log-probabilities of temperature 1', async () => {
    const request = { prompt: '98*97=', temperature: 2, topLogprobs: 3, seed: 5 }
    const first = await answer(model, request)
    expect(await answer(model, request)).toEqual(first)
    const others = await Promise.all([6, 7, 8, 9, 10].map((seed) => answer(model, { ...request, seed })))
    expect(new Set(others.map(({ text }) => text)).size).toBeGreaterThan(1)
    const greedy = await answer(model, { prompt: '98*97=', topLogprobs: 3 })
    // The first distribution does not depend on what is drawn from it.
    for (const [k, log] of first.tokens[0].alternatives!.entries())
      expect(log).toBeCloseTo(greedy.tokens[0].alternatives![k], 4)
    expect(first.tokens[0].entropy).toBeCloseTo(greedy.tokens[0].entropy!, 4)
  })

  test('answers several requests at once as it answers them one by one', async () => {
    const many = await openTiny('small', 4)
    const questions = references.slice(0, 12).map(({ question }) => question)
    const together = await Promise.all(questions.map((prompt) => answer(many, { prompt })))
    for (const [place, prompt] of questions.entries())
      expect(together[place].text).toBe((await answer(model, { prompt })).text)
    await many.close()
  })

  test('refuses a prompt that leaves no room for an answer', async () => {
    await expect(answer(model, { prompt: '1+'.repeat(100) })).rejects.toThrow(
      /small\.gguf: the prompt has \d+ tokens, and the context holds 64; shorten the prompt$/,
    )
    const short = await llamaCppModel({ path: `${tinyPair}/small.gguf`, contextSize: 32 })
    await expect(answer(short, { prompt: '1+'.repeat(100) })).rejects.toThrow(
      /holds 32; give the model a longer `context`, or shorten the prompt$/,
    )
    await short.close()
  })

  test('reads bytes that are no whole character together', async () => {
    // The model has never seen such text; whatever it says, the texts of its tokens join to the answer.
    const { text, tokens } = await answer(model, {
      prompt: 'é日本語',
      maxTokens: 20,
      topLogprobs: 1,
      temperature: 2,
      seed: 3,
    })
    expect(tokens.map((token) => token.text).join('')).toBe(text)
  })
})

test('a file that is not there, no model, or broken is named', async () => {
  await expect(llamaCppModel({ path: 'nowhere.gguf' })).rejects.toThrow(
    'nowhere.gguf: the model file cannot be read (ENOENT)',
  )
  await expect(llamaCppModel({ path: tinyPair })).rejects.toThrow('this is no model file')
  const text = file('text.gguf', 'GGUF and nothing else of a model')
  await expect(llamaCppModel({ path: text })).rejects.toThrow('text.gguf: this is no GGUF file')
  const half = file('half.gguf', readFileSync(`${tinyPair}/small.gguf`).subarray(0, 100_000))
  await expect(llamaCppModel({ path: half })).rejects.toThrow(/half\.gguf: the model cannot be loaded/)
})
