import type { AuditRecord, Mark } from './record.ts'

/** Whose answers there are. */
export const roles = ['small', 'large'] as const satisfies readonly Mark['answer'][]

/** What a model answered, where its text was logged and it was not stopped before its end. */
export const answerOf = (record: AuditRecord, role: Mark['answer']): string | undefined => record[role]?.answer

/** The answers that count as right, where the request said it. */
export const goldOf = ({ gold }: Pick<AuditRecord, 'gold'>): readonly string[] =>
  (gold === undefined ? [] : typeof gold === 'string' ? [gold] : gold).filter((text) => text.trim() !== '')
