import type { FigureData, SignalFigure } from '../figures/figure-data.ts'
import type { View } from './view.ts'

/** A signal that has a line and a name of its own beside the selected one. */
export interface NamedSignal {
  figure: SignalFigure
  color: string
  dash: string
}

const MOST_NAMED = { narrow: 3, wide: 5 }

/**
 * The signals beside the selected one: the best of them by name, the rest as a crowd. Of signals with one and the same
 * curve, such as an entropy in nats and in bits, the first stands for all.
 */
export function otherSignals(
  data: FigureData,
  { at, theme, narrow }: View,
): { named: NamedSignal[]; rest: SignalFigure[] } {
  const curves = new Set([curveKey(data.signals[at.signal])])
  const others = data.signals.filter((figure) => {
    const key = curveKey(figure)
    if (figure.distinct === 0 || curves.has(key)) return false
    curves.add(key)
    return true
  })
  const most = Math.min(theme.others.length, narrow ? MOST_NAMED.narrow : MOST_NAMED.wide)
  return {
    named: others.slice(0, most).map((figure, i) => ({ figure, ...theme.others[i] })),
    rest: others.slice(most),
  }
}

const curveKey = ({ curve }: SignalFigure): string => JSON.stringify(curve)
