import { describe, expect, test } from 'vitest'
import { decide } from '../../src/core/policy/decide.ts'
import { always, keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { NoAnswer, runCascade, type Chosen, type RunOptions } from '../../src/cascade/run.ts'
import type { Part } from '../../src/cascade/stage.ts'
import { ended, fault, stageOf, textOf, token, whole, type ScriptedStage, type Step } from '../support/stages.ts'

const sure: Policy = keepWhen([{ signal: 'mean_logprob', atLeast: -0.5 }])
const early: Policy = keepWhen([{ signal: 'mean_logprob_at_2', atLeast: -0.5 }])

const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  signal: new AbortController().signal,
  now: () => performance.now(),
  ...more,
})

const small = (steps: readonly Step[], policy: Policy = sure) => stageOf('small', steps, { policy })
const large = (steps: readonly Step[] = [token(-0.1, 'large'), ended(1)]) => stageOf('large', steps)

async function readAll(chosen: Chosen<Part, string>): Promise<string> {
  const events = []
  for await (const part of chosen.parts) events.push(...part.events)
  return textOf(events)
}

async function run(stages: ScriptedStage[], more: Partial<RunOptions> = {}) {
  const chosen = await runCascade(stages, options(more))
  const text = await readAll(chosen)
  return { text, meta: chosen.meta, inPlaceOf: chosen.inPlaceOf, ...chosen.report() }
}

describe('an answer of the small model', () => {
  test('is kept where the policy says so, and the large model is not asked', async () => {
    const last = large()
    const { text, meta, verdicts, calls } = await run([small([token(-0.1, 'a'), token(-0.2, 'b'), ended()]), last])
    expect(text).toBe('ab')
    expect(meta).toBe('small')
    expect(verdicts).toEqual([
      {
        stage: 'small',
        decision: { action: 'keep', reason: 'conditions-hold' },
        signals: { mean_logprob: expect.closeTo(-0.15, 12) },
      },
    ])
    expect(calls).toMatchObject([{ stage: 'small', result: 'answered', tokens: 2, usage: { outputTokens: 3 } }])
    expect(last.asked).toBe(0)
  })

  test('gives way to the large one where the policy says so, of which alone is told', async () => {
    const { text, meta, calls } = await run([small([token(-1, 'a'), token(-2, 'b'), ended()]), large()])
    expect(text).toBe('large')
    expect(meta).toBe('large')
    expect(calls.map(({ stage, result }) => [stage, result])).toEqual([
      ['small', 'answered'],
      ['large', 'answered'],
    ])
  })

  test('is left at the first token with which it can only be escalated', async () => {
    const first = small([token(-3, 'a'), token(-0.1, 'b'), token(0, 'c'), ended()])
    const { verdicts, calls } = await run([first, large()], { limit: 4 })
    expect(verdicts).toEqual([
      {
        stage: 'small',
        decision: { action: 'escalate', reason: 'condition-fails', signal: 'mean_logprob' },
        signals: { mean_logprob: { upper: -0.75 } },
        censored: { tokensSeen: 1 },
      },
    ])
    expect(calls[0]).toMatchObject({ result: 'aborted', tokens: 1 })
    expect(first).toMatchObject({ read: 1, aborted: true })
  })

  test('is read to its end where no limit of tokens rules out that it recovers', async () => {
    const first = small([token(-3, 'a'), token(-0.1, 'b'), ended()])
    const { verdicts } = await run([first, large()])
    expect(verdicts[0]).not.toHaveProperty('censored')
    expect(first.read).toBe(3)
  })

  test('is read to its end where a missing signal would keep it', async () => {
    const policy = keepWhen([{ signal: 'mean_logprob', atLeast: -0.5 }], 'keep')
    const first = small([token(-3, 'a'), token(undefined, 'b'), ended()], policy)
    const { text, verdicts } = await run([first, large()], { limit: 4 })
    expect(text).toBe('ab')
    expect(verdicts[0]).toMatchObject({ decision: { action: 'keep', reason: 'missing-signal' } })
  })

  test('of one part, as without streaming, is decided on as a whole', async () => {
    const first = small([whole(token(-3, 'a'), token(-0.1, 'b'), ended())])
    const { verdicts, calls } = await run([first, large()], { limit: 4 })
    expect(verdicts[0]).toMatchObject({ signals: { mean_logprob: expect.closeTo(-1.55, 12) } })
    expect(verdicts[0]).not.toHaveProperty('censored')
    expect(calls[0].result).toBe('answered')
  })

  test('without log-probabilities is as the policy says of missing signals', async () => {
    const { text, verdicts } = await run([small([token(undefined, 'a'), ended()]), large()])
    expect(text).toBe('large')
    expect(verdicts[0]).toMatchObject({ decision: { reason: 'missing-signal', signal: 'mean_logprob' } })
    const strict = keepWhen([{ signal: 'mean_logprob', atLeast: -0.5 }], 'error')
    const error: unknown = await run([small([token(undefined, 'a'), ended()], strict), large()]).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(NoAnswer)
    expect((error as NoAnswer).error).toMatchObject({ code: 'missing-signal' })
  })

  test('can be measured by its text too', async () => {
    const words = keepWhen([{ signal: 'answer_words', atMost: 2 }])
    expect((await run([small([token(-1, 'one '), token(-1, 'two'), ended()], words), large()])).text).toBe('one two')
    const long = small([token(-1, 'one '), token(-1, 'two '), token(-1, 'three'), ended()], words)
    expect((await run([long, large()])).text).toBe('large')
  })
})

describe('mode early', () => {
  test('passes a kept answer on from its decision on', async () => {
    const first = small([token(-0.1, 'a'), token(-0.1, 'b'), { waitMs: 1e6 }], early)
    const chosen = await runCascade([first, large()], options({ mode: 'early' }))
    expect(first.read).toBe(2)
    const { value } = await chosen.parts.next()
    expect(textOf((value as Part).events)).toBe('a')
    expect(chosen.report().verdicts[0]).toMatchObject({ signals: { mean_logprob_at_2: expect.closeTo(-0.1, 12) } })
    await chosen.parts.return?.(undefined)
    expect(first.aborted).toBe(true)
  })

  test('escalates at the same token, and then nothing of the small answer was told', async () => {
    const first = small([token(-1, 'a'), token(-1, 'b'), token(-0.1, 'c'), ended()], early)
    expect((await run([first, large()], { mode: 'early' })).text).toBe('large')
    expect(first.read).toBe(2)
  })

  test('decides as mode buffer does, which holds the answer back to its end', async () => {
    for (const logprob of [-0.1, -1]) {
      const steps = [token(logprob, 'a'), token(-0.4, 'b'), token(-9, 'c'), ended()]
      const [live, held] = await Promise.all(
        (['early', 'buffer'] as const).map((mode) => run([small(steps, early), large()], { mode })),
      )
      expect(live.text).toBe(held.text)
      expect(live.verdicts).toEqual(held.verdicts)
    }
  })

  test('tells of a break in an answer that it has begun to pass on', async () => {
    const first = small([token(-0.1, 'a'), token(-0.1, 'b'), { throws: fault() }], early)
    const chosen = await runCascade([first, large()], options({ mode: 'early' }))
    await expect(readAll(chosen)).rejects.toThrow('it broke')
    expect(chosen.report().calls[0]).toMatchObject({ result: 'failed', error: fault() })
  })
})

describe('where the small model fails', () => {
  test.each<[string, ScriptedStage]>([
    ['at once', stageOf('small', [], { policy: sure, refuses: fault() })],
    ['within its answer', small([token(-0.1, 'a'), { throws: fault() }])],
    ['with an error in its answer', small([token(-0.1, 'a'), { fails: 'it broke' }])],
  ])('%s, the large one answers, and none of the small answer is told', async (_, first) => {
    const { text, verdicts, calls } = await run([first, large()])
    expect(text).toBe('large')
    expect(verdicts).toEqual([{ stage: 'small', error: fault() }])
    expect(calls.map(({ result }) => result)).toEqual(['failed', 'answered'])
  })
})

describe('where the large model fails', () => {
  const doubtful = () => small([token(-1, 'small'), ended()])

  test.each<[string, ScriptedStage]>([
    ['at once', stageOf('large', [], { refuses: fault() })],
    ['before it says anything', large([{ fails: 'it broke' }])],
  ])('%s, the small answer stands in where that is wanted', async (_, last) => {
    const { text, meta, inPlaceOf } = await run([doubtful(), last], { fallback: true })
    expect([text, meta]).toEqual(['small', 'small'])
    expect(inPlaceOf).toEqual(fault())
  })

  test('there is no answer where it is not, or where the small answer was not read to its end', async () => {
    const failing = () => stageOf('large', [], { refuses: fault() })
    const plain: unknown = await run([doubtful(), failing()]).catch((error: unknown) => error)
    expect(plain).toBeInstanceOf(NoAnswer)
    expect(plain).toMatchObject({ error: fault(), report: { calls: [{ result: 'answered' }, { result: 'failed' }] } })
    const cut = small([token(-9, 'small'), token(-1), ended()])
    await expect(run([cut, failing()], { fallback: true, limit: 5 })).rejects.toBeInstanceOf(NoAnswer)
  })

  test('in the middle of what was told, the break is told', async () => {
    const last = large([token(-0.1, 'lar'), { throws: fault() }])
    await expect(run([doubtful(), last], { fallback: true })).rejects.toThrow('it broke')
  })
})

describe('a policy that looks at nothing', () => {
  test('asks the large model alone where it always escalates', async () => {
    const first = small([ended()], always('escalate'))
    const { text, verdicts } = await run([first, large()])
    expect([text, first.asked]).toEqual(['large', 0])
    expect(verdicts).toMatchObject([{ decision: { action: 'escalate', reason: 'always' } }])
  })

  test('passes the small answer on from its first token where it always keeps, in mode early', async () => {
    const first = small([{ events: [] }, token(-9, 'a'), { waitMs: 1e6 }], always('keep'))
    const chosen = await runCascade([first, large()], options({ mode: 'early' }))
    expect(chosen.meta).toBe('small')
    await chosen.parts.return?.(undefined)
  })
})

describe('three stages', () => {
  test('ask one after another', async () => {
    const middle = stageOf('middle', [token(-0.2, 'middle'), ended()], { policy: sure })
    const { text, verdicts } = await run([small([token(-1), ended()]), middle, large()])
    expect(text).toBe('middle')
    expect(verdicts.map(({ stage }) => stage)).toEqual(['small', 'middle'])
  })
})

describe('speculation', () => {
  const doubted = [token(-1, 'a'), token(-1, 'b'), token(-1, 'c')]

  test('asks the large model while the small one looks doubtful, and goes on with that call', async () => {
    const last = large()
    const first = small([...doubted, { waitMs: 30 }, ended()])
    const { text, calls } = await run([first, last], { speculateAfter: 2 })
    expect([text, last.asked]).toEqual(['large', 1])
    const [one, two] = calls
    expect(two.startMs).toBeLessThan(one.startMs + one.latencyMs)
  })

  test('drops and counts the large call where the small answer recovers', async () => {
    const last = large([token(-0.1, 'large'), { waitMs: 1e6 }])
    const { text, calls } = await run([small([...doubted, ...Array<Step>(9).fill(token(0, '.')), ended()]), last], {
      speculateAfter: 2,
    })
    expect(text).toBe('abc.........')
    expect(last.aborted).toBe(true)
    expect(calls.map(({ stage, result }) => [stage, result])).toEqual([
      ['small', 'answered'],
      ['large', 'aborted'],
    ])
  })

  test('asks nothing ahead for an answer that is doubtful for fewer tokens in a row', async () => {
    const last = large()
    await run([small([token(-1), token(0), token(-0.6), token(0), ended()]), last], { speculateAfter: 2 })
    expect(last.asked).toBe(0)
  })
})

describe('an aborted request', () => {
  test.each([
    ['before the first token', [{ waitMs: 1e6 }]],
    ['within the small answer', [token(-0.1), { waitMs: 1e6 }]],
  ])('%s ends every call, and no other is made', async (_, steps) => {
    const controller = new AbortController()
    const [first, last] = [small(steps), large()]
    const running = run([first, last], { signal: controller.signal, fallback: true })
    setTimeout(() => controller.abort(new Error('gone')), 20)
    const error: unknown = await running.catch((e: unknown) => e)
    expect(error).toMatchObject({ error: new Error('gone'), report: { calls: [{ result: 'aborted' }] } })
    expect([first.aborted, last.asked]).toEqual([true, 0])
  })
})

test('replaying the verdicts gives the same decisions', async () => {
  for (const logprobs of [[-0.1], [-3, 0], [-0.4, -0.6], [-0.5], [undefined], []]) {
    for (const policy of [sure, early])
      for (const mode of ['early', 'buffer'] as const) {
        const steps = [...logprobs.map((each) => token(each)), ended()]
        const { verdicts } = await run([small(steps, policy), large()], { mode, limit: 4 })
        for (const verdict of verdicts)
          if ('decision' in verdict) expect(decide(policy, verdict.signals)).toEqual(verdict.decision)
      }
  }
})
