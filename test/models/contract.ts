import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TokenStep } from '../../src/core/signals/trace.ts'
import type { FinishReason, Model, ModelEvent, ModelRequest, Usage } from '../../src/models/model.ts'

export interface Subject {
  model: Model
  /** To which the model answers, at temperature 0, with several tokens of which not all texts are the same. */
  prompt: ModelRequest['prompt']
  /** Alternatives to ask for. */
  alternatives: number
  /** Enough for several tokens; 40. */
  maxTokens?: number
  close?: () => Promise<void>
}

interface Answer {
  text: string
  tokens: TokenStep[]
  usages: Usage[]
  finishes: FinishReason[]
  last: ModelEvent['type'] | undefined
}

async function answerOf(events: AsyncIterable<ModelEvent>): Promise<Answer> {
  const answer: Answer = { text: '', tokens: [], usages: [], finishes: [], last: undefined }
  for await (const event of events) {
    answer.last = event.type
    switch (event.type) {
      case 'text':
        answer.text += event.text
        break
      case 'token':
        answer.tokens.push(event.token)
        break
      case 'usage':
        answer.usages.push(event.usage)
        break
      case 'finish':
        answer.finishes.push(event.reason)
        break
      case 'tool':
      case 'reasoning':
        break
    }
  }
  return answer
}

/** What the texts of tokens spell; U+FFFD stands for bytes that are no whole character. */
function spelling(tokens: readonly TokenStep[], whole = true): RegExp {
  const spelt = tokens.map(({ text = '' }) => text).join('')
  const pattern = spelt.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\uFFFD+/g, '[^]*')
  return new RegExp(`^${pattern}${whole ? '$' : ''}`)
}

/** What every model keeps to, whatever is behind it. */
export function modelContract(name: string, makeSubject: () => Subject | Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await makeSubject()
    })
    afterAll(async () => {
      await subject.model.close()
      await subject.close?.()
    })

    const ask = (request: Partial<ModelRequest> = {}, signal?: AbortSignal) => {
      const { model, prompt, alternatives, maxTokens = 40 } = subject
      const whole = { prompt, maxTokens, temperature: 0, topLogprobs: alternatives, ...request }
      return model.generate(whole, { signal })
    }
    const answer = (request: Partial<ModelRequest> = {}) => answerOf(ask(request))

    test('an answer ends with one finish event', async () => {
      const { finishes, last } = await answer()
      expect(finishes).toHaveLength(1)
      expect(last).toBe('finish')
    })

    test('an answer has a text, and the texts of its tokens join to it', async () => {
      const { text, tokens } = await answer()
      expect(text).not.toBe('')
      expect(tokens.length).toBeGreaterThan(1)
      expect(text).toMatch(spelling(tokens))
    })

    test('every log-probability is at most 0, and not all are', async () => {
      const logprobs = (await answer()).tokens.map(({ logprob }) => logprob!)
      for (const logprob of logprobs) expect(logprob).toBeLessThanOrEqual(0)
      expect(logprobs.some((logprob) => logprob < 0)).toBe(true)
    })

    test('every token has as many alternatives as were asked for, most likely first', async () => {
      for (const { alternatives = [], logprob } of (await answer()).tokens) {
        expect(alternatives).toHaveLength(subject.alternatives)
        expect(alternatives).toEqual(alternatives.toSorted((a, b) => b - a))
        expect(alternatives[0]).toBeLessThanOrEqual(0)
        // The greedy choice is the most likely of all.
        expect(logprob).toBeCloseTo(alternatives[0], 4)
      }
    })

    test('an entropy is at least 0', async () => {
      for (const { entropy = 0 } of (await answer()).tokens) expect(entropy).toBeGreaterThanOrEqual(0)
    })

    test('log-probabilities come without alternatives where none are asked for', async () => {
      const { tokens } = await answer({ topLogprobs: 0 })
      expect(tokens.length).toBeGreaterThan(1)
      for (const { logprob, alternatives = [] } of tokens) {
        expect(logprob).toBeLessThanOrEqual(0)
        expect(alternatives).toEqual([])
      }
    })

    test('without log-probabilities the answer is the same, and no token tells one', async () => {
      const { text, tokens } = await answer({ topLogprobs: undefined })
      expect(text).toBe((await answer()).text)
      for (const { logprob } of tokens) expect(logprob).toBeUndefined()
    })

    test('tokens are counted once', async () => {
      const { usages, tokens } = await answer()
      expect(usages).toHaveLength(1)
      expect(usages[0].inputTokens).toBeGreaterThan(0)
      expect(usages[0].outputTokens).toBeGreaterThanOrEqual(tokens.length)
    })

    test('the greedy answer is the same each time', async () => {
      expect(await answer()).toEqual(await answer())
    })

    test('answers that are asked for at the same time do not mix', async () => {
      const alone = await answer()
      for (const each of await Promise.all([answer(), answer(), answer()])) expect(each.text).toBe(alone.text)
    })

    test('an answer of as many tokens as are allowed ends for its length', async () => {
      const { finishes, tokens, usages } = await answer({ maxTokens: 2 })
      expect(finishes).toEqual(['length'])
      expect(tokens.length).toBeLessThanOrEqual(2)
      expect(usages[0].outputTokens).toBeLessThanOrEqual(2)
    })

    test('an answer ends before a stop text, which is no part of it or of its tokens', async () => {
      const { text } = await answer()
      // The latest place at which a letter is seen for the first time.
      const place = text.split('').findLastIndex((letter, i) => /[!-~]/.test(letter) && text.indexOf(letter) === i)
      expect(place).toBeGreaterThan(0)
      const cut = await answer({ stop: [text[place]] })
      expect(cut.finishes).toEqual(['stop'])
      expect(cut.text).toBe(text.slice(0, place))
      // The last token may begin within the answer and go on beyond it.
      expect(cut.tokens.length).toBeGreaterThan(0)
      expect(cut.text).toMatch(spelling(cut.tokens.slice(0, -1), false))
    })

    test('a request that was aborted before it is made fails with the reason', async () => {
      const reason = new Error('not now')
      await expect(answerOf(ask({}, AbortSignal.abort(reason)))).rejects.toBe(reason)
    })

    test('an answer that is aborted fails with the reason, and the next one is whole', async () => {
      const reason = new Error('enough')
      const controller = new AbortController()
      const running = answerOf(ask({}, controller.signal))
      controller.abort(reason)
      await expect(running).rejects.toBe(reason)
      expect((await answer()).finishes).toHaveLength(1)
    })

    test('an answer that nobody waits for to its end does not stand in the way of the next', async () => {
      const left = ask()[Symbol.asyncIterator]()
      await left.next()
      await left.return?.()
      expect((await answer()).finishes).toHaveLength(1)
    })
  })
}
