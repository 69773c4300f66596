import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ModelEvent } from '../../src/models/model.ts'
import { answerDecoder } from '../../src/models/openai/answer-decoder.ts'
import { factsOf } from '../../src/models/openai/request-facts.ts'

/** Answers of servers, byte for byte, each beside its request and the events that it holds. */
const folder = new URL('../fixtures/models/', import.meta.url)

interface Expected {
  request: Record<string, unknown>
  events: ModelEvent[]
}

const asker = { place: 'here', secrets: [], model: 'model', keyed: false }

function decode(pieces: Iterable<Uint8Array>, request: unknown): ModelEvent[] {
  const decoder = answerDecoder(asker, factsOf(JSON.stringify(request)))
  const decoded = [...pieces].map((piece) => decoder.push(piece))
  decoded.push(decoder.end())
  for (const { failure } of decoded) if (failure !== undefined) throw failure
  return decoded.flatMap(({ events }) => events)
}

/** The same bytes in pieces of one size. */
function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

describe.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', (name) => {
  const bytes = readFileSync(new URL(name, folder))
  const expected = JSON.parse(readFileSync(new URL(name.replace('.txt', '.events.json'), folder), 'utf8')) as Expected

  test('holds the events beside it', () => {
    expect(decode([bytes], expected.request)).toStrictEqual(expected.events)
  })

  test.each([1, 7, 1024])('holds the same events in pieces of %i bytes', (size) => {
    expect(decode(cut(bytes, size), expected.request)).toStrictEqual(expected.events)
  })
})
