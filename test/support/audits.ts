import { createHash } from 'node:crypto'
import type { AuditRecord } from '../../src/audits/record.ts'

/** An audited request with both answers, neither of which has a quality. */
export const audited = (id: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
  id,
  time: '2026-03-01T10:00:00.000Z',
  cascade: 'cascade',
  policy: null,
  outcome: 'kept',
  probability: 0.1,
  served_cost: 1,
  always_large_cost: 10,
  audit_cost: 10,
  question: `What is ${id}?`,
  small: { model: 'tiny-lm', answer: `it is ${id}, says one`, cost: 1, signals: { mean_logprob: -0.1 } },
  large: { model: 'huge-lm', answer: `it is ${id}, says another`, cost: 10 },
  ...more,
})

/** The same request with other answers. */
export const answered = (id: string, small: string, large: string, more: Partial<AuditRecord> = {}): AuditRecord => {
  const record = audited(id, more)
  return { ...record, small: { ...record.small!, answer: small }, large: { ...record.large!, answer: large } }
}

/** Requests that a policy decided, with both qualities: what was kept is right, and the rest is not. */
export const scoredAudits = (policy: string, count: number): AuditRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const kept = i % 2 === 0
    const record = audited(`scored-${i}`, {
      policy: createHash('sha256').update(policy).digest('hex').slice(0, 16),
      outcome: kept ? 'kept' : 'escalated',
      time: new Date(Date.UTC(2026, 2, 1, 0, i)).toISOString(),
    })
    const signals = { mean_logprob: (kept ? -0.1 : -1.1) - ((i * 7) % 100) / 200 }
    return {
      ...record,
      small: { ...record.small!, quality: kept ? 1 : 0, signals },
      large: { ...record.large!, quality: 1 },
    }
  })
