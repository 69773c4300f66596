// TEMPORARY
import type { AuditRecord } from './record.ts'
export type Marks = Map<string, number>
export async function readMarks(_: string): Promise<Marks> {
  return new Map()
}
export const withMarks = (record: AuditRecord, _: Marks): AuditRecord => record
