import fc from 'fast-check'

const texts = fc.oneof(
  fc.constantFrom('', ' the', '"', '\\', '\n', 'é', ' 🙂', '}]},{"token":"', '"logprobs":{"content":[', '\uFFFD', ']'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const logprobs = fc.oneof(
  fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, -9999, -1e-7, -12, 0.5),
)
const bytes = fc.oneof(fc.constant(null), fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 5 }))

/** One token, or one alternative, with its fields in one of the orders that servers write them in. */
const entry = fc
  .tuple(texts, logprobs, bytes, fc.constantFrom('openai', 'llama.cpp', 'bare'), fc.nat(200_000))
  .map(([token, logprob, own, order, id]) => {
    if (order === 'llama.cpp') return { id, token, bytes: own, logprob }
    return order === 'openai' ? { token, logprob, bytes: own } : { token, logprob }
  })

/** A list of tokens in the usual layout, and not empty. */
export const tokenLists = fc.array(
  fc
    .tuple(entry, fc.option(fc.array(entry, { maxLength: 3 }), { nil: undefined }))
    .map(([own, top]) => (top === undefined ? own : { ...own, top_logprobs: top })),
  { minLength: 1, maxLength: 4 },
)

const lists = fc.oneof({ weight: 5, arbitrary: tokenLists }, { weight: 1, arbitrary: fc.constantFrom(null, []) })
const logprobsOf = fc.oneof(
  { weight: 5, arbitrary: lists.map((content) => ({ content, refusal: null })) },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, { tokens: ['a'], token_logprobs: [-1] }) },
)

const choice = (key: 'message' | 'delta') =>
  fc
    .tuple(
      fc.oneof(texts, fc.constantFrom(null, undefined)),
      logprobsOf,
      fc.constantFrom(null, 'stop'),
      fc.constantFrom('openai', 'ollama', 'azure', 'elsewhere'),
    )
    .map(([content, told, finish, order]): Record<string, unknown> => {
      const said = { [key]: content === undefined ? {} : { role: 'assistant', content } }
      if (order === 'openai') return { index: 0, ...said, logprobs: told, finish_reason: finish }
      if (order === 'ollama') return { index: 0, ...said, finish_reason: finish, logprobs: told }
      if (order === 'azure') return { finish_reason: finish, index: 0, logprobs: told, ...said }
      return { index: 0, ...said, nested: { logprobs: told }, finish_reason: finish }
    })

const usages = fc.constantFrom({}, { usage: null }, { usage: { prompt_tokens: 3, completion_tokens: 2 } })

/** The values of one answer: a whole one, or the pieces of a stream, which have much in common. */
export const answers = fc
  .constantFrom('message' as const, 'delta' as const)
  .chain((key) =>
    fc
      .tuple(
        fc.array(fc.array(choice(key), { maxLength: 2 }), { minLength: 1, maxLength: 5 }),
        usages,
        fc.constantFrom({}, { note: '"logprobs":{"content":[{"token":"a","logprob":-1}]}' }, { choicest: [{}] }),
      )
      .map(([all, usage, more]): object[] => all.map((choices) => ({ id: 'x', ...more, choices, ...usage }))),
  )

/** How JSON is written: at its shortest, or for people. */
export const spaces = fc.constantFrom(undefined, 1, '\t')

/** The same text with a few characters more, fewer or other ones. */
export const damaged = (json: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(json, fc.array(fc.tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.constantFrom(...DAMAGE))))
    .map(([text, damage]) => damage.reduce((whole, [share, how]) => how(whole, Math.floor(share * whole.length)), text))

const put = (piece: string) => (text: string, at: number) => text.slice(0, at) + piece + text.slice(at)
const DAMAGE = [
  (text: string, at: number) => text.slice(0, at) + text.slice(at + 1),
  (text: string, at: number) => text.slice(0, at),
  ...['"', '\\', ',', ']', '}', '0', '-', 'x', '\n', ' ', ',"bytes":[1]', '\u0001'].map(put),
]
