// node answer.mjs '47+85='   (LLM_URL: a server with OpenAI's API, such as http://127.0.0.1:11434/v1)
import { readFile } from 'node:fs/promises'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'
import { cascade } from 'spillway/ai-sdk'

const { LLM_URL: baseURL, SMALL = 'small', LARGE = 'large', POLICY = 'policy.json' } = process.env
const server = createOpenAICompatible({ name: 'server', baseURL, includeUsage: true })
const model = cascade({
  small: server(SMALL),
  large: server(LARGE),
  policy: JSON.parse(await readFile(POLICY, 'utf8')),
  prices: { small: { call: 1 }, large: { call: 10 } },
})
const answer = streamText({ model, prompt: process.argv[2] ?? '47+85=' })
for await (const text of answer.textStream) process.stdout.write(text)
const { spillway } = await answer.providerMetadata
console.log('\n%s (%s), cost %d', spillway.stage, spillway.reason, spillway.cost)
