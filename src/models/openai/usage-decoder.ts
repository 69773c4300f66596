import { parseJson, fieldsOf } from './wire.ts'
import type { ModelEvent } from '../model.ts'
import type { AnswerDecoder } from './answer-decoder.ts'
import { usageOf } from './usage.ts'

/** Servers count at the end of what they send. */
const TAIL_BYTES = 65_536
const USAGE = /"usage"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})/g

/** Of an answer that is passed on unread, the count of tokens alone. */
export function usageDecoder(): AnswerDecoder {
  let tail: Uint8Array[] = []
  let begun = false
  let size = 0
  return {
    push(bytes) {
      tail.push(bytes)
      size += bytes.length
      if (size > 2 * TAIL_BYTES) {
        const last = Buffer.concat(tail).subarray(-TAIL_BYTES)
        tail = [Buffer.from(last)]
        size = last.length
      }
      const events: ModelEvent[] = begun ? [] : [{ type: 'text', text: '' }]
      begun = true
      return { events }
    },
    end() {
      const usage = lastUsage(Buffer.concat(tail).toString())
      return {
        events: [
          ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
          { type: 'finish' as const, reason: 'other' as const },
        ],
      }
    },
  }
}

function lastUsage(text: string): ReturnType<typeof usageOf> {
  const found = [...text.matchAll(USAGE)].at(-1)?.[1]
  if (found === undefined) return undefined
  try {
    return usageOf({ usage: fieldsOf(parseJson(found)) })
  } catch {
    // Something that only looks like it; then nothing is known.
    return undefined
  }
}
