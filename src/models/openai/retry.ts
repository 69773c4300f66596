import type { Stop } from '../stop.ts'

/** Whether a request may be made again, and when at the earliest. */
export interface Again {
  retry: boolean
  /** What the server asks for. */
  afterMs?: number
}

export interface Retries {
  /** Waits before the next attempt; `false` if there is none. */
  next(again: Again, signal?: Stop): Promise<boolean>
}

export interface RetryOptions {
  /** Attempts after the first. */
  retries: number
  /** Uniform in [0, 1). */
  random: () => number
  /** Rejects with the signal's reason where that is aborted. */
  sleep: (ms: number, signal?: Stop) => Promise<void>
}

const FIRST_MS = 500
/** However long a server asks to wait: what takes longer is better resumed later. */
export const LONGEST_MS = 60_000

/** Exponential backoff with full jitter: a wait is uniform in [0, 0.5 s · 2^attempt), on top of what the server asks. */
export function retriesOf({ retries, random, sleep }: RetryOptions): Retries {
  let made = 0
  return {
    async next({ retry, afterMs }, signal) {
      if (!retry || made >= retries) return false
      const jitter = random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** made)
      made++
      const wait = afterMs === undefined ? jitter : afterMs + random() * FIRST_MS
      await sleep(Math.min(LONGEST_MS, wait), signal)
      return true
    },
  }
}

/** Headers as undici gives them. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

export const headerOf = (headers: AnswerHeaders, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** What the headers of a refusal ask for. OpenAI's `x-should-retry` has the last word. */
export function againOf(headers: AnswerHeaders, retryable: boolean, afterMs?: number): Again {
  const should = headerOf(headers, 'x-should-retry')
  const retry = should === 'true' || (should !== 'false' && retryable)
  return afterMs === undefined ? { retry } : { retry, afterMs }
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: AnswerHeaders, now: () => number): number | undefined {
  const precise = headerOf(headers, 'retry-after-ms')
  const plain = headerOf(headers, 'retry-after')
  const after =
    precise !== undefined && isNumber(precise)
      ? Number(precise)
      : plain !== undefined && isNumber(plain)
        ? Number(plain) * 1000
        : Date.parse(plain ?? '') - now()
  return Number.isNaN(after) ? undefined : Math.max(0, after)
}

const isNumber = (text: string): boolean => /^\s*\d+(?:\.\d+)?\s*$/.test(text)
