import { describe, expect, test } from 'vitest'
import { sweepStatistics } from '../../src/core/sweep-statistics.ts'
import { sweep } from '../../src/core/sweep.ts'
import type { StatisticsSource } from '../../src/core/statistics/source.ts'
import type { BuildOptions } from '../../src/core/outcomes/mapping.ts'
import { lintOutcomes } from '../../src/data/read-outcomes.ts'
import { memorySource } from '../../src/data/engines/memory.ts'
import { cellsOfRows, sortedCells } from './cells.ts'
import { engineCases } from './engine-cases.ts'
import { file, jsonl } from './files.ts'
import { expectNear, expectSameSweep } from './same-sweep.ts'

/** Makes an engine hold rows, and opens them. */
export type OpenEngine = (
  rows: Record<string, unknown>[],
  options: BuildOptions,
) => Promise<{ source: StatisticsSource; close: () => Promise<void> }>

/** What every engine keeps: the sweep in memory is the oracle, exact and over bins. */
export function engineContract(name: string, open: OpenEngine): void {
  describe(`${name} gives the sweep that memory gives`, () => {
    let count = 0
    for (const { name: title, rows, read = {}, sweep: options = {} } of engineCases)
      test(title, async () => {
        const { outcomes } = await lintOutcomes(
          file(`${name.replace(/\W/g, '')}-${count++}.jsonl`, jsonl(...rows)),
          read,
        )
        const { source, close } = await open(rows, read)
        try {
          const exact = await sweepStatistics(source, options)
          expectSameSweep(exact.result, sweep(outcomes, options))
          // Wide bins, opened where grid, deciles and target need it.
          const { result: binned } = await sweepStatistics(source, { ...options, exactValues: 0, bits: 14 })
          const { result: reference } = await sweepStatistics(memorySource({ outcomes, findings: [] }), {
            ...options,
            exactValues: 0,
            bits: 14,
          })
          for (const signal of reference.signals) {
            const found = binned.signals.find((each) => each.signal === signal.signal)!
            expect([...found.exact.thresholds]).toEqual([...signal.exact.thresholds])
            expect([...found.exact.kept]).toEqual([...signal.exact.kept])
            expectNear(found.binned, signal.binned, `${signal.signal}.binned`)
            expect(found.metrics.prr ?? 0).toBeCloseTo(signal.metrics.prr ?? 0, 10)
            expect(found.metrics.aurocWrong ?? 0).toBeCloseTo(signal.metrics.aurocWrong ?? 0, 10)
            expect(found.selected?.policy).toEqual(signal.selected?.policy)
          }
          expect([...binned.oracle.kept]).toEqual([...reference.oracle.kept])
          expectNear([...binned.oracle.gain], [...reference.oracle.gain], 'oracle gain')
          const groups = namesOfGroups(rows, read)
          expect(source.cells !== undefined).toBe(groups !== undefined)
          if (source.cells === undefined || groups === undefined || outcomes.rows !== rows.length) return
          for (const { name: signal, values } of outcomes.signals) {
            const sumCosts = {
              small: outcomes.small.cost !== undefined,
              verify: outcomes.verify !== undefined,
              large: outcomes.large.cost !== undefined,
            }
            const request = { signal, bits: 14, cut: values.find(Number.isFinite), wrongBelow: 0.5, sumCosts }
            const found = sortedCells({ ...(await source.cells(request)) })
            expectNear(found, cellsOfRows(outcomes, groups, request), `${signal} cells`)
          }
        } finally {
          await close()
        }
      })
  })
}

/** What the rows say about which of them belong together; nothing: `undefined`. */
function namesOfGroups(rows: readonly Record<string, unknown>[], { group }: BuildOptions): string[] | undefined {
  const names = rows.map((row) => row[group ?? 'id'])
  return names.every((name) => name !== undefined) ? names.map(String) : undefined
}
