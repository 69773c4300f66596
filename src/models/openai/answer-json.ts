import { randomUUID } from 'node:crypto'
import { cut, cutLike, written, type Filling, type Layout } from './answer-layout.ts'
import { readList, unquoted, type Alternatives, type ListedToken } from './listed-tokens.ts'
import { fieldsOf, listOf, parseJson } from './wire.ts'

/**
 * Reads the JSON values of one answer. Parsing is what a gateway spends most of its time on, and nearly all of an answer
 * is a list of tokens. So that is read by itself, and only what is around it parsed; and of a stream, whose values
 * differ in a text and its tokens alone, not even that. Whatever has another layout is parsed as a whole.
 *
 * A value is what JSON.parse makes of it, but for parts of tokens, and of alternatives, that nobody reads. It is good until the next one is read.
 * @param onList told where a value's list of tokens stands in its JSON, where that is read by itself
 * @throws SyntaxError
 */
export function answerParser(
  alternatives: Alternatives,
  onList?: (from: number, end: number) => void,
): (json: string) => unknown {
  let last: { layout: Layout; value: unknown; places: Places } | undefined
  let tokens: ListedToken[] = []
  const listEnd = (json: string, from: number) => {
    const list = readList(json, from, alternatives)
    tokens = list?.tokens ?? []
    return list?.end
  }
  const fill = ({ delta, logprobs }: Places, { text }: Filling) => {
    logprobs.content = tokens
    if (text !== undefined) delta!.content = unquoted(text)
  }
  return (json) => {
    const like = last && cutLike(last.layout, json, listEnd)
    if (like !== undefined) {
      fill(last!.places, like)
      return last!.value
    }
    const found = cut(json, listEnd)
    const around = found && parseAround(found.layout)
    if (around === undefined) return parseJson(json)
    fill(around.places, found!.filling)
    onList?.(found!.filling.from, found!.filling.end)
    if (found!.layout.hasText) last = { layout: found!.layout, ...around }
    return around.value
  }
}

/** No server knows it: where it stands, it was put. */
const MARK = randomUUID()
const QUOTED = JSON.stringify(MARK)

/** What differs between the values of an answer. */
interface Places {
  delta?: { content: unknown }
  logprobs: { content: unknown }
}

/** `undefined` where the list, or the text, is not that of the answer's only choice. */
function parseAround(layout: Layout): { value: unknown; places: Places } | undefined {
  const value = tryParse(written(layout, QUOTED, QUOTED))
  const choices = listOf(fieldsOf(value)?.choices) ?? []
  const choice = fieldsOf(choices[0])
  const places = { delta: fieldsOf(choice?.delta), logprobs: fieldsOf(choice?.logprobs) }
  if (choices.length !== 1 || listOf(places.logprobs?.content)?.[0] !== MARK) return undefined
  if (layout.hasText && places.delta?.content !== MARK) return undefined
  return { value, places: places as unknown as Places }
}

function tryParse(json: string): unknown {
  try {
    return parseJson(json)
  } catch {
    return undefined
  }
}
