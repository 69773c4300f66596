import type { Finding } from '../../core/outcomes/findings.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { Range } from '../../core/stats/interval.ts'
import type { Baselines } from '../../core/sweep/baselines.ts'

/**
 * Everything that charts and pages show, computed once and plain JSON: a chart is a function of this and of nothing
 * else. Lines are thinned for drawing (`thinned`); numbers that are read off are never: a stop is an exact point.
 */
export interface FigureData {
  formatVersion: 1
  about: About
  findings: Finding[]
  /** Never and always escalating, without a verification signal; sums over all rows. */
  base: Baselines
  /** The ceiling: escalate where it gains most per cost. */
  oracle: Line
  /** Every signal, the best by APGR first. */
  signals: SignalFigure[]
  /** Tuned or compared policies, where there are any. */
  policies: PolicyFigure[]
  /** What `tune` says of its result, in a sentence. */
  verdict?: string
  examples?: Examples
}

/** What the data are, and what was computed of them. */
export interface About {
  title: string
  files: string[]
  datasets: string[]
  rows: number
  groups: { count: number; from: 'group' | 'id' | 'row'; effective: number }
  models: { small?: string; large?: string }
  /** A cost per query, or `per row`; what the unit is called. */
  costs: { small: number | 'per row'; verify: number | 'per row'; large: number | 'per row'; unit: string }
  /** Of every interval. */
  confidence: number
  resamples: number
  seed: number
  /** A small answer below this quality counts as wrong. */
  wrongBelow: number
}

/** A broken line in two columns, for drawing. */
export interface Line {
  x: number[]
  y: number[]
}

/** One signal: its curve, its stops, what its values say. */
export interface SignalFigure {
  signal: string
  direction: 'higher' | 'lower'
  unit: string
  missing: number
  distinct: number
  apgr: { value?: number } & Partial<Range>
  auroc?: number
  /** With what this family's policies pay for verification. */
  base: Baselines
  /** Mean quality over mean cost. */
  curve: Line
  /** From keeping all to escalating all; exact, in full precision, each with its intervals. */
  stops: Stops
  /** Which stop the page opens with: the best by ΔIBC among those of at least 30 escalated rows, else the middle. */
  opening: number
  histogram: Histogram
  /** Ten or fewer bins of about as many rows, from the least to the most certain. */
  deciles: Decile[]
}

/** Columns of one value a stop. `threshold` null: an end, which keeps or escalates all. */
export interface Stops {
  threshold: (number | null)[]
  kept: number[]
  /** Σ (quality_large - quality_small), and Σ cost_large, over the escalated rows. */
  gain: number[]
  extraCost: number[]
  quality: RangeColumns
  cost: RangeColumns
  keptShare: RangeColumns
  ibc: RangeColumns
  /** Against the cascade's own ends, and against calling one model only; percent. */
  deltaIbc: RangeColumns
  deltaIbcStandalone: RangeColumns
  /** Share of the cost of calling the large model alone. */
  saving: RangeColumns
  /** The whole curve of quality lies in it at once with the confidence. */
  band: RangeColumns
}

/** Ends of intervals; null: none. */
export interface RangeColumns {
  low: (number | null)[]
  high: (number | null)[]
}

/** Rows by their signal's value, apart for right and wrong small answers. */
export interface Histogram {
  /** One more than there are bins; ascending. */
  edges: number[]
  right: number[]
  wrong: number[]
}

/** Rows of about the same certainty. */
export interface Decile {
  /** The signal's least and greatest value in it. */
  from: number
  to: number
  rows: number
  /** Share of small answers that are right, and what escalating them gains in quality, on average. */
  right: { value: number } & Partial<Range>
  gain: { value: number } & Partial<Range>
}

/** A policy that was tuned or compared, on rows that had no part in choosing it. */
export interface PolicyFigure {
  name: string
  /** In words: `keep when mean_logprob >= -0.21`. */
  rule: string
  policy?: Policy
  /** `certified`: its promise passed the test; `not-certified`: it did not; absent: none was asked for. */
  promise?: 'certified' | 'not-certified'
  chosen?: boolean
  heldOut: {
    quality: { value: number } & Partial<Range>
    cost: { value: number } & Partial<Range>
    keptShare: { value: number } & Partial<Range>
    saving?: { value: number } & Partial<Range>
    deltaIbc?: { value?: number } & Partial<Range>
  }
}

/** Rows with their texts: all, or a sample that is said. */
export interface Examples {
  /** `sampled`: by the seed, of `rows`. */
  rows: number
  sampled: boolean
  list: Example[]
}

/** A row with its texts. */
export interface Example {
  id?: string
  question?: string
  gold?: string
  small?: string
  large?: string
  qualitySmall: number
  qualityLarge: number
  costLarge: number
  /** Values by the order of `FigureData.signals`; null: missing. */
  values: (number | null)[]
}
