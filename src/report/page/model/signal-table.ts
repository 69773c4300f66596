import type { FigureData } from '../../figures/figure-data.ts'
import { asCount, ranged, shown, type Format } from './format.ts'
import type { Table } from './tables.ts'

const threeDigits: Format = (value) => value.toFixed(3)

/** Every signal with what its curve is worth. */
export const signalTable = ({ signals }: Pick<FigureData, 'signals'>): Table => ({
  heads: ['signal', 'APGR', 'AUROC', 'certain when', 'values', 'missing'],
  rows: signals.map(({ signal, direction, unit, apgr, auroc, distinct, missing }) => [
    signal,
    ranged(apgr.value, apgr.low, apgr.high, threeDigits),
    shown(auroc, threeDigits),
    `${direction}${unit === 'none' ? '' : `, ${unit}`}`,
    asCount(distinct),
    asCount(missing),
  ]),
})
