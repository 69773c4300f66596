import type { Finding } from '../core/outcomes/findings.ts'
import type { Policy } from '../core/policy/policy.ts'
import { points } from '../core/sweep/curve.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { SweepResult } from '../core/sweep.ts'
import { csvTable } from './csv-table.ts'
import { references } from './references.ts'
import { metricFields, pointFields, thresholdsOf, type Cell } from './rows.ts'

/** Every operating point of every signal, the references and the joint frontiers, one a line. */
export const pointsCsv = (result: SweepResult, findings: readonly Finding[]): Generator<string> =>
  csvTable(pointRecords(result, findings))

function* pointRecords(result: SweepResult, findings: readonly Finding[]): Generator<Record<string, Cell>> {
  const refs = references(result)
  // The codes of the warnings stand on every line: a line copied out of the file takes them along.
  const warnings = [...new Set(findings.filter(({ level }) => level === 'warning').map(({ code }) => code))].join(';')
  const record = (name: string, point: OperatingPoint, policy?: Policy): Record<string, Cell> => {
    const [threshold, second] = policy === undefined ? [] : thresholdsOf(policy)
    return {
      policy: name,
      threshold: threshold ?? null,
      second_threshold: second ?? null,
      always: policy !== undefined && 'always' in policy ? policy.always : null,
      ...pointFields(point),
      warnings,
    }
  }
  yield record('keep_all', refs.keepAll, refs.keepAll.policy)
  yield record('escalate_all', refs.escalateAll, refs.escalateAll.policy)
  yield record('random_half', refs.randomHalf)
  yield record('oracle_best', refs.oracleBest)
  for (const { signal, curve } of result.signals)
    for (const point of points(curve)) yield record(signal, point, point.policy)
  for (const { signals, frontier } of result.joint)
    for (const point of frontier) yield record(signals.join(' & '), point, point.policy)
}

/** One line a signal: its metrics. */
export const signalsCsv = (result: SweepResult): Generator<string> =>
  csvTable(
    result.signals.map(({ signal, direction, unit, curve, metrics }) => ({
      signal,
      direction,
      unit,
      distinct: curve.distinct,
      missing: curve.missing,
      ...metricFields(metrics),
    })),
  )

/** What is odd about the data, one finding a line. */
export const findingsCsv = (findings: readonly Finding[]): Generator<string> =>
  csvTable(
    findings.map(({ level, code, column, rows, message }) => ({
      level,
      code,
      column: column ?? null,
      rows: rows ?? null,
      message,
    })),
  )
