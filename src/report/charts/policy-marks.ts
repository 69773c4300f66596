import * as Plot from '@observablehq/plot'
import type { PolicyFigure } from '../figures/figure-data.ts'
import type { LegendItem } from './legend.ts'
import type { View } from './view.ts'

const place = {
  x: ({ heldOut }: PolicyFigure) => heldOut.cost.value,
  y: ({ heldOut }: PolicyFigure) => heldOut.quality.value,
}

/** Whether something is promised, or it is the one to be used: the others are its backdrop. */
const isMajor = ({ promise, chosen }: PolicyFigure): boolean => promise !== undefined || chosen === true

/** Policies with the intervals of both axes; filled where their promise is certified, hollow where it is not. */
export function policyMarks(policies: readonly PolicyFigure[], { theme, fontSize }: View): Plot.Markish[] {
  const [major, minor] = [policies.filter(isMajor), policies.filter((policy) => !isMajor(policy))]
  const of = (promise: PolicyFigure['promise']) => major.filter((policy) => policy.promise === promise)
  const { policy: color, paper, muted } = theme
  return [
    ...bars(minor, { stroke: muted, strokeWidth: 0.6, strokeOpacity: 0.45 }),
    Plot.dot(minor, { ...place, r: 2.6, symbol: 'diamond', fill: muted, stroke: paper, strokeWidth: 0.6 }),
    ...bars(major, { stroke: color, strokeWidth: 1 }),
    Plot.dot(of('certified'), { ...place, r: 3.6, fill: color, stroke: paper }),
    Plot.dot(of('not-certified'), { ...place, r: 3.4, fill: paper, stroke: color, strokeWidth: 1.3 }),
    Plot.dot(of(undefined), { ...place, r: 4, symbol: 'diamond', fill: color, stroke: paper }),
    Plot.text(
      policies.filter(({ chosen }) => chosen),
      {
        ...place,
        text: 'name',
        fill: color,
        stroke: paper,
        textAnchor: 'end',
        dx: -6,
        dy: -fontSize * 0.75,
        fontWeight: 600,
      },
    ),
  ]
}

const bars = (policies: readonly PolicyFigure[], style: Plot.RuleXOptions): Plot.Markish[] => [
  Plot.ruleX(policies, {
    ...style,
    x: place.x,
    y1: ({ heldOut }) => heldOut.quality.low,
    y2: ({ heldOut }) => heldOut.quality.high,
  }),
  Plot.ruleY(policies, {
    ...style,
    y: place.y,
    x1: ({ heldOut }) => heldOut.cost.low,
    x2: ({ heldOut }) => heldOut.cost.high,
  }),
]

/** What the dots of policies mean, as far as there are any. */
export function policyLegend(policies: readonly PolicyFigure[], { theme }: View): LegendItem[] {
  const promised = policies.some(({ promise }) => promise !== undefined)
  const kinds = [
    { promise: 'certified', text: 'certified', kind: 'dot' },
    { promise: 'not-certified', text: 'not certified', kind: 'ring' },
    { promise: undefined, text: promised ? 'not tested' : 'tuned policy', kind: 'diamond' },
  ] as const
  return kinds
    .filter(({ promise }) => policies.some((policy) => policy.promise === promise))
    .map(({ text, kind }) => ({ text, kind, color: promised && kind === 'diamond' ? theme.muted : theme.policy }))
}
