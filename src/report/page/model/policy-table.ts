import type { PolicyFigure } from '../../figures/figure-data.ts'
import {
  asChange,
  asRatio,
  asScore,
  asShare,
  besideRatio,
  ranged,
  ruleText,
  type Format,
  type Ranged,
} from './format.ts'
import type { Table } from './tables.ts'

/** What became of a policy, in words and as good or bad; nothing was asked of it: `undefined`. */
export interface Fate {
  text: string
  kind: 'good' | 'bad' | 'plain'
}

/** The policy that was chosen first, then those that were tested, then the others in their own order. */
export const inOrder = (policies: readonly PolicyFigure[]): PolicyFigure[] =>
  policies.toSorted((a, b) => rank(a) - rank(b))

const rank = ({ chosen, promise }: PolicyFigure): number => (chosen === true ? 0 : promise === undefined ? 2 : 1)

export function fateOf({ promise, chosen }: PolicyFigure, anyPromise: boolean): Fate | undefined {
  const also = chosen === true ? ' and chosen' : ''
  if (promise === 'certified') return { text: `certified${also}`, kind: 'good' }
  if (promise === 'not-certified') return { text: `not certified${also}`, kind: 'bad' }
  if (chosen === true) return { text: 'chosen', kind: 'good' }
  return anyPromise ? { text: 'not tested', kind: 'plain' } : undefined
}

/** The rule with thresholds as they are read. */
export const ruleOf = ({ policy, rule }: PolicyFigure): string => (policy === undefined ? rule : ruleText(policy))

/** Policies on rows that had no part in choosing them. */
export const policyTable = (policies: readonly PolicyFigure[]): Table => ({
  heads: ['policy', 'quality', 'cost', 'kept', 'saved', 'Δibc'],
  rows: policies.map(({ name, heldOut: { quality, cost, keptShare, saving, deltaIbc } }) => [
    name,
    estimate(quality, asScore),
    { value: asRatio(cost.value), range: estimate(cost, besideRatio(cost.value)).range },
    estimate(keptShare, asShare),
    estimate(saving, asShare),
    estimate(deltaIbc, asChange),
  ]),
})

const estimate = (of: { value?: number; low?: number; high?: number } | undefined, format: Format): Ranged =>
  ranged(of?.value, of?.low, of?.high, format)
