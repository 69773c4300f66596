import { openAiModel } from '../../src/models/openai.ts'
import { openAiServer } from '../support/openai-server.ts'
import { modelContract } from './contract.ts'

for (const stream of [false, true]) {
  const subject = (prompt: string | { role: 'user'; content: string }[]) => async () => {
    const server = await openAiServer()
    const model = openAiModel({ id: 'toy', url: `${server.origin}/v1`, model: 'toy', stream, concurrency: 2 })
    return { model, prompt, alternatives: 3, close: () => server.close() }
  }
  const how = stream ? 'streamed' : 'whole'
  modelContract(`the chat API, ${how}`, subject([{ role: 'user', content: 'Tell me of the river' }]))
  modelContract(`the completions API, ${how}`, subject('Tell me of a river'))
}
