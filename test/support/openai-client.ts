import OpenAI from 'openai'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import { startGateway, type Scene } from './gateway.ts'
import { upstream, type Said } from './upstream.ts'

export const KEY = 'sk-client'

/** OpenAI's own client, which knows nothing of gateways, before one. */
export async function clientBefore(small: Said = {}, scene: Partial<Scene> = {}, large: Said = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  const keys = [{ name: 'alice', sha256: hashOfKey(KEY) }]
  const gateway = await startGateway({ small: first.url, large: last.url, keys, ...scene })
  const client = new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: KEY, maxRetries: 0 })
  return { ...gateway, client, first, last }
}

export const question = { model: 'cascade', messages: [{ role: 'user' as const, content: 'What is it?' }] }
