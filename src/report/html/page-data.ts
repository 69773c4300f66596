import type { SignalSource } from '../../core/policy/policy.ts'
import type { FigureData } from '../figures/figure-data.ts'

/** What the report's page holds as JSON. */
export interface PageData {
  figures: FigureData
  /** Which signal the page opens with, by its position in `figures.signals`. */
  signal: number
  /** How each signal was measured, for the policies that are copied. */
  sources: Partial<Record<string, SignalSource>>
  /** What `spillway route` is to be given to read these data at these costs; words as the shell passes them on. */
  route: string[]
}
