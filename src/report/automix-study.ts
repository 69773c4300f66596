import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { points } from '../core/sweep/curve.ts'
import type { Grid } from '../core/sweep/grid.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { CostOptions } from '../core/outcomes/costs.ts'
import { rowsOfDataset, selectRows } from '../core/outcomes/select.ts'
import { sweep, type SweepOptions } from '../core/sweep.ts'
import { thresholdsOf } from './rows.ts'

/** The settings of the AutoMix threshold study: abstract costs, verification on every query. */
export const studyCosts: CostOptions = { small: 1, verify: 4, large: 20, verifyCost: 'always' }

/** Nine thresholds between the smallest and the largest value; the four-sample confidence at its inner quarters. */
export const studyGrid: Grid = { kind: 'linspace', count: 11 }
export const studyGrids: Partial<Record<string, Grid>> = {
  self_verification: { kind: 'values', values: [0.25, 0.5, 0.75] },
}

const summaries = [
  {
    signal: 'mean_logprob',
    file: 'logits_only_sweep_summary',
    threshold: (t: number) => ({ logits_threshold: t, entropy_threshold: null }),
  },
  {
    signal: 'mean_entropy',
    file: 'entropy_only_sweep_summary',
    threshold: (t: number) => ({ logits_threshold: null, entropy_threshold: t }),
  },
  { signal: 'self_verification', file: 'threshold_sweep_summary', threshold: (t: number) => ({ threshold: t }) },
] as const

/** The study's summary of one threshold, under its own field names; `IBC` and `delta_IBC` with the cascade baseline. */
export function studyRow(point: OperatingPoint, small: OperatingPoint, large: OperatingPoint) {
  return {
    total: point.kept + point.escalated,
    lm1_count: point.kept,
    lm2_count: point.escalated,
    lm1_ratio: point.keptShare,
    lm2_ratio: point.escalatedShare,
    avg_perf: point.quality,
    avg_perf_slm: small.quality,
    avg_perf_llm: large.quality,
    avg_cost: point.cost,
    total_cost: point.totalCost,
    IBC: point.cascade.ibc ?? null,
    delta_IBC: point.cascade.deltaIbc ?? null,
  }
}

/**
 * The study's summary files, by name, for every data set in the outcomes; a data set in which no signal has a value
 * gets none and is named.
 */
export function studySummaries(
  outcomes: Outcomes,
  options: SweepOptions,
): { files: Map<string, unknown[]>; skipped: string[] } {
  const files = new Map<string, unknown[]>()
  const skipped: string[] = []
  for (const [i, dataset] of outcomes.datasets.entries()) {
    const rows = outcomes.datasets.length === 1 ? outcomes : selectRows(outcomes, rowsOfDataset(outcomes, i))
    if (!rows.signals.some(({ values }) => values.some(Number.isFinite))) {
      skipped.push(dataset)
      continue
    }
    const result = sweep(rows, { ...options, joint: [] })
    for (const { signal, file, threshold } of summaries) {
      const curve = result.signals.find((each) => each.signal === signal)?.curve
      if (curve === undefined) continue
      const all = [...points(curve)]
      const inner = all.slice(1, -1).map((point) => ({
        ...threshold(thresholdsOf(point.policy)[0]),
        ...studyRow(point, all[0], all[all.length - 1]),
      }))
      // The study lists thresholds upwards; a curve runs from keeping everything to escalating everything.
      if (curve.direction === 'lower') inner.reverse()
      files.set(freeName(files, `${file}_${fileSafe(dataset)}`), inner)
    }
  }
  return { files, skipped }
}

/** A data set's name in a file name: nothing that leaves the folder. */
const fileSafe = (name: string): string => name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_')

/** Two data sets whose names differ only in what a file name cannot hold do not share a file. */
function freeName(files: ReadonlyMap<string, unknown>, stem: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? `${stem}.json` : `${stem}_${i}.json`
    if (!files.has(name)) return name
  }
}
