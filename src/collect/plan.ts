import { createHash } from 'node:crypto'
import type { ModelRequest } from '../models/model.ts'
import { promptOf, type Call, type Purpose, type Role } from './call.ts'
import type { Question } from './question.ts'
import type { Template } from './template.ts'

/** How one of the two models is asked. */
export interface Asked {
  /** What its answers depend on besides the request: the file's content, or address and name. */
  identity: string
  form: 'chat' | 'raw'
  system?: string
  maxTokens: number
  temperature?: number
  stop?: readonly string[]
}

export interface Setup {
  small: Asked
  large: Asked
  template: Template
  /** Alternatives a token asked of the small model. */
  topLogprobs: number
  seed: number
  verify?: { samples: number; template: Template }
  pTrue?: { template: Template }
}

/** AutoMix samples its verdicts at this temperature. */
const VERIFY_TEMPERATURE = 0.7
const VERDICT_TOKENS = 8
/** Alternatives in which True and False are looked for: the most that OpenAI gives. */
const TRUE_ALTERNATIVES = 20

/** Lays out the calls of each question; the same questions in the same order give the same calls. */
export function planner(setup: Setup) {
  const seen = new Map<string, number>()
  return (question: Question): QuestionPlan => {
    const text = setup.template.render(question.fields, question.place)
    // The same question a second time is asked a second time, under a key of its own.
    const hash = digest([text])
    const nth = (seen.get(hash) ?? 0) + 1
    seen.set(hash, nth)
    const answer = (role: Role): Call =>
      callOf(question, setup[role], role, 'answer', nth, {
        prompt: promptOf(text, setup[role].form, setup[role].system),
        maxTokens: setup[role].maxTokens,
        temperature: setup[role].temperature,
        stop: setup[role].stop,
        ...(role === 'small' ? { topLogprobs: setup.topLogprobs } : {}),
      })
    const judge = (purpose: Purpose, prompt: string, request: Omit<ModelRequest, 'prompt'>): Call =>
      callOf(question, setup.small, 'small', purpose, nth, {
        prompt: promptOf(prompt, setup.small.form, undefined),
        ...request,
      })
    return {
      question,
      small: answer('small'),
      large: answer('large'),
      verifications(said) {
        const { verify, pTrue, seed } = setup
        const about = (template: Template): string =>
          template.render({ ...question.fields, answer: said.trim() }, question.place)
        const calls: Call[] = []
        if (verify !== undefined) {
          const prompt = about(verify.template)
          for (let sample = 0; sample < verify.samples; sample++)
            calls.push(
              judge('verify', prompt, {
                maxTokens: VERDICT_TOKENS,
                temperature: VERIFY_TEMPERATURE,
                seed: sampleSeed(seed, prompt, nth, sample),
                stop: ['\n'],
              }),
            )
        }
        if (pTrue !== undefined)
          calls.push(
            judge('p_true', about(pTrue.template), { maxTokens: 1, temperature: 0, topLogprobs: TRUE_ALTERNATIVES }),
          )
        return calls
      },
    }
  }
}

/** The calls of one question. */
export interface QuestionPlan {
  question: Question
  small: Call
  large: Call
  /** The verifications of what the small model said. */
  verifications: (answer: string) => Call[]
}

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value))

const digest = (value: unknown): string => sha256(value).digest('base64url').slice(0, 24)

/**
 * A seed below 2^31 for each sample of each question: where all questions have the same few, the same random numbers
 * decide all of them, and the share that says "correct" is a step function of its probability.
 */
export const sampleSeed = (...sample: [seed: number, prompt: string, nth: number, sample: number]): number =>
  sha256(sample).digest().readUInt32BE(0) >>> 1

const callOf = (
  question: Question,
  asked: Asked,
  role: Role,
  purpose: Purpose,
  nth: number,
  request: ModelRequest,
): Call => ({
  key: digest([asked.identity, purpose, request, nth]),
  question: question.id,
  role,
  purpose,
  request,
})
