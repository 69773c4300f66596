/** Where well-known servers listen, and which environment variable holds their key. */
export const providers = {
  openai: { url: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  openrouter: { url: 'https://openrouter.ai/api/v1', key: 'OPENROUTER_API_KEY' },
  ollama: { url: 'http://localhost:11434/v1', key: undefined },
  vllm: { url: 'http://localhost:8000/v1', key: undefined },
  llamacpp: { url: 'http://localhost:8080/v1', key: undefined },
  lmstudio: { url: 'http://localhost:1234/v1', key: undefined },
} as const satisfies Record<string, { url: string; key: string | undefined }>

export type ProviderName = keyof typeof providers

/**
 * What a short name of a model means: `small.gguf` a local file, `ollama:llama3.2:1b` a name at a well-known server,
 * `NAME@http://host/v1` a name at any other. Nothing of these: `undefined`.
 */
export function readShortName(
  text: string,
): { path: string } | { url: string; model: string; key?: string } | undefined {
  if (/\.gguf$/i.test(text)) return { path: text }
  const at = text.search(/@https?:\/\//)
  if (at > 0) return { model: text.slice(0, at), url: text.slice(at + 1) }
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(0, colon))
  if (!Object.hasOwn(providers, name) || colon === text.length - 1) return undefined
  const { url, key } = providers[name as ProviderName]
  return { url, model: text.slice(colon + 1), ...(key === undefined ? {} : { key }) }
}
