import { existsSync, readFileSync } from 'node:fs'
import type { Journal } from '../../src/collect/journal.ts'
import type { Setup } from '../../src/collect/plan.ts'
import { template } from '../../src/collect/template.ts'
import type { CallFailure, CallResult } from '../../src/collect/call.ts'
import type { Question } from '../../src/collect/question.ts'

/** A row of outcomes as `collect` writes it. */
export interface Row {
  id: string | number
  group?: string
  question?: string
  gold: string | string[]
  small?: Side & { top_k?: number; signals: Partial<Record<string, number>>; tokens?: unknown[] }
  large?: Side
  verify?: { cost: number; latency_ms: number; samples?: string[] }
  error?: string
}

interface Side {
  model: string
  answer: string
  quality: number
  cost: number
  latency_ms: number
  input_tokens?: number
  output_tokens?: number
  finish: string
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n')

/** The rows of a file of outcomes, which must end with a line end. */
export function rowsOf(path: string): Row[] {
  const lines = linesOf(path)
  if (lines.pop() !== '') throw new Error(`${path}: the last line is torn`)
  return lines.map((line) => JSON.parse(line) as Row)
}

/** The finished calls beside a file of outcomes; each line must be whole. */
export const callsOf = (out: string): (CallResult & CallFailure)[] =>
  existsSync(out.replace(/jsonl$/, 'calls.jsonl'))
    ? (rowsOf(out.replace(/jsonl$/, 'calls.jsonl')) as unknown as (CallResult & CallFailure)[])
    : []

/** Rows without what no two runs have in common. */
export const timeless = (rows: readonly Row[]): Row[] =>
  rows.map(({ small, large, verify, ...row }) => ({
    ...row,
    small: small && { ...small, latency_ms: 0 },
    large: large && { ...large, latency_ms: 0 },
    verify: verify && { ...verify, latency_ms: 0 },
  }))

/** Questions to which the scripted server may say what it likes. */
export const questionsOf = (count: number, gold = 'yes'): { id: string; question: string; gold: string }[] =>
  Array.from({ length: count }, (_, i) => ({ id: `q${i}`, question: `question ${i}?`, gold }))

export const setupOf = (more: Partial<Setup> = {}): Setup => ({
  small: { identity: 'small', form: 'chat', maxTokens: 16, temperature: 0 },
  large: { identity: 'large', form: 'chat', maxTokens: 16 },
  template: template('plain', '{{question}}'),
  topLogprobs: 5,
  seed: 1,
  ...more,
})

export const questionOf = (number: number, fields: Record<string, unknown> = {}): Question => ({
  place: `questions.jsonl:${number}`,
  id: `q${number}`,
  references: ['yes'],
  fields: { question: `question ${number}?`, gold: 'yes', ...fields },
})

/** A journal that is forgotten with the test. */
export function memoryJournal(records: readonly (CallResult | CallFailure)[] = []): Journal & { lines: string[] } {
  const calls = new Map<string, CallResult>()
  const failures = new Map<string, string>()
  const lines: string[] = []
  const append = (record: CallResult | CallFailure) => {
    lines.push(JSON.stringify(record))
    if ('error' in record) failures.set(record.key, record.error)
    else {
      failures.delete(record.key)
      calls.set(record.key, record)
    }
  }
  for (const record of records) append(record)
  return {
    lines,
    append,
    has: (key) => calls.has(key),
    read: (key) => {
      const call = calls.get(key)
      if (call === undefined) throw new Error(`no call ${key}`)
      return call
    },
    failure: (key) => failures.get(key),
    get size() {
      return calls.size
    },
    close: () => {},
  }
}
