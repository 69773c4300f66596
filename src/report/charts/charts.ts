import { benefit } from './benefit.ts'
import { calibration } from './calibration.ts'
import type { Chart } from './chart.ts'
import { costQuality } from './cost-quality.ts'
import { ibc } from './ibc.ts'
import type { FigureName } from './names.ts'
import { signal } from './signal.ts'
import { threshold } from './threshold.ts'

/** Every chart by its name. */
export const charts = {
  'cost-quality': costQuality,
  threshold,
  calibration,
  benefit,
  signal,
  ibc,
} satisfies Record<FigureName, Chart>
