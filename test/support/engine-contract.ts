import { describe, expect, test } from 'vitest'
import { sweepStatistics } from '../../src/core/sweep-statistics.ts'
import { sweep } from '../../src/core/sweep.ts'
import type { StatisticsSource } from '../../src/core/statistics/source.ts'
import type { BuildOptions } from '../../src/core/outcomes/mapping.ts'
import { lintOutcomes } from '../../src/data/read-outcomes.ts'
import { memorySource } from '../../src/data/engines/memory.ts'
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
            expect(found.metrics.aurocWrong ?? 0).toBeCloseTo(signal.metrics.aurocWrong ?? 0, 10)
            expect(found.selected?.policy).toEqual(signal.selected?.policy)
          }
        } finally {
          await close()
        }
      })
  })
}
