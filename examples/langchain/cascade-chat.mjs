// A cascade as a chat model of LangChain.js: new CascadeChat(cascade({ … })).   (npm install @langchain/core spillway)
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'

const roles = { human: 'user', ai: 'assistant', system: 'system' }

export class CascadeChat extends BaseChatModel {
  /** @param cascade of `spillway/cascade` @param settings maxTokens, temperature, seed */
  constructor(cascade, settings = {}) {
    super({})
    this.cascade = cascade
    this.settings = settings
  }

  _llmType() {
    return 'spillway-cascade'
  }

  /** Tools are no part of a cascade's requests: serve it with `spillway serve`, and ask that by ChatOpenAI. */
  bindTools() {
    throw new Error('CascadeChat has no tools: ask a gateway (`spillway serve`) by ChatOpenAI instead')
  }

  #ask(messages, { stop, signal }) {
    const prompt = messages.map((message) => {
      const role = roles[message.getType()]
      if (role === undefined) throw new Error(`CascadeChat takes no messages of type ${message.getType()}`)
      return { role, content: message.text }
    })
    return this.cascade.ask({ prompt, stop, ...this.settings }, { signal })
  }

  /** What LangChain keeps of a decision: of the answer, how many tokens; of the cascade, who answered, why, and at what cost. */
  #facts(record, usage) {
    const { outcome, stage, reason, cost, saved } = record
    return {
      response_metadata: { spillway: { outcome, stage, reason, cost, saved } },
      ...(usage === undefined
        ? {}
        : {
            usage_metadata: {
              input_tokens: usage.inputTokens,
              output_tokens: usage.outputTokens,
              total_tokens: usage.inputTokens + usage.outputTokens,
            },
          }),
    }
  }

  async _generate(messages, options) {
    const answer = await this.#ask(messages, options)
    let [text, usage] = ['', undefined]
    for await (const event of answer.events) {
      if (event.type === 'text') text += event.text
      if (event.type === 'usage') usage = event.usage
    }
    const message = new AIMessage({ content: text, ...this.#facts(answer.record(), usage) })
    return { generations: [{ text, message }] }
  }

  async *_streamResponseChunks(messages, options, run) {
    const answer = await this.#ask(messages, options)
    let usage
    for await (const event of answer.events) {
      if (event.type === 'usage') usage = event.usage
      if (event.type !== 'text') continue
      yield new ChatGenerationChunk({ text: event.text, message: new AIMessageChunk(event.text) })
      await run?.handleLLMNewToken(event.text)
    }
    const message = new AIMessageChunk({ content: '', ...this.#facts(answer.record(), usage) })
    yield new ChatGenerationChunk({ text: '', message })
  }
}
