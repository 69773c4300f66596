import { edgeOf } from '../../core/statistics/bin-key.ts'
import { binsOfRows } from '../../core/statistics/bins-of-rows.ts'
import type { BinnedBy, StatisticsSource } from '../../core/statistics/source.ts'
import type { LintedOutcomes } from '../../core/outcomes/finish.ts'
import { findColumn, type Outcomes } from '../../core/outcomes/outcomes.ts'
import { oracleColumn } from '../../core/sweep/oracle.ts'
import { sum } from '../../core/stats/sum.ts'

/** Rows in this process's memory as an engine, which the others are held against. */
export function memorySource({ outcomes, findings }: LintedOutcomes, name = 'memory'): StatisticsSource {
  const { small, large, verify, rows } = outcomes
  return {
    name,
    datasets: outcomes.datasets,
    signals: outcomes.signals,
    costColumns: { small: small.cost !== undefined, verify: verify !== undefined, large: large.cost !== undefined },
    totals: async () => ({
      rows,
      qualitySmall: sum(small.quality),
      qualityLarge: sum(large.quality),
      costSmall: sum(small.cost ?? []),
      costLarge: sum(large.cost ?? []),
      costVerify: sum(verify?.cost ?? []),
      groups: outcomes.groups,
      findings,
    }),
    distinct: async (signal) => new Set(findColumn(outcomes, signal)?.values).size,
    bins: async (request) => {
      const all = keysOf(outcomes, request.by)
      const { within } = request
      const wanted = within && new Set(Array.from(within.keys, (key) => edgeOf(key, within.bits)))
      const isIn = (key: number) =>
        wanted === undefined || (Number.isFinite(key) && wanted.has(edgeOf(key, within!.bits)))
      const picked = Uint32Array.from(all.keys()).filter((row) => !Number.isNaN(all[row]) && isIn(all[row] + 0))
      const pick = (column: Float64Array) => Float64Array.from(picked, (row) => column[row])
      const columns = {
        keys: pick(all),
        small: pick(small.quality),
        large: pick(large.quality),
        costLarge: request.sumCosts && large.cost !== undefined ? pick(large.cost) : 0,
        wrongBelow: request.wrongBelow,
      }
      return binsOfRows(columns, request.bits)
    },
  }
}

/** Of each row the key by which it is put into a bin; infinite: the row counts as missing, NaN: not at all. */
function keysOf(outcomes: Outcomes, by: BinnedBy): Float64Array {
  const values = (name: string) => findColumn(outcomes, name)!.values
  if ('qualityWhere' in by) {
    const signal = values(by.qualityWhere)
    return outcomes.small.quality.map((quality, row) => (Number.isFinite(signal[row]) ? quality : NaN))
  }
  if ('gainPer' in by) {
    const large = by.gainPer === 'cost' ? outcomes.large.cost! : by.gainPer
    const costs = { small: 0, verify: 0, large, verifyCost: 'used' as const, counted: false }
    return oracleColumn(outcomes, costs).values.map((value) => -value)
  }
  const sign = findColumn(outcomes, by.signal)!.direction === 'higher' ? 1 : -1
  return values(by.signal).map((value) => (Number.isFinite(value) ? sign * value : Infinity))
}
