import { cascade } from '../../src/cascade/cascade.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { modelContract, type Subject } from '../models/contract.ts'
import { openAiServer } from '../support/openai-server.ts'

const prompt = [{ role: 'user', content: 'tell me of a river' } as const]

/** Two models at one server, of which the policy decides by a threshold that every answer, or none, passes. */
async function subject(atLeast: number): Promise<Subject> {
  const server = await openAiServer()
  const model = (name: string) => openAiModel({ id: name, url: `${server.origin}/v1`, model: name, stream: true })
  const both = cascade({
    stages: [{ model: model('a') }, { model: model('b') }],
    policy: keepWhen([{ signal: 'min_margin', atLeast }]),
  })
  return { model: both, prompt, alternatives: 3, close: () => server.close() }
}

modelContract('a cascade that keeps', () => subject(-1))
modelContract('a cascade that escalates', () => subject(2))
