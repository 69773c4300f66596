import type { ChartElement, ChartOptions } from '../../../charts/chart.ts'
import type { Axis, Look } from '../../../charts/draw.ts'
import { themeOf, type Theme } from '../../../charts/theme.ts'
import type { LiveWindow } from '../../../live/state.ts'
import { clockText, roundTimes } from '../model/clock.ts'
import type { Slot } from '../model/slots.ts'

/** What of the state is looked at. */
export interface LiveView {
  window: LiveWindow
  /** Those of the window, of the requests that are looked at. */
  slots: readonly Slot[]
  /** Whose requests; without it, all. */
  name?: string
  currency: string
}

/** A chart is a function of the view and of nothing else. */
export type LiveChart = (view: LiveView, options: ChartOptions) => ChartElement

const [NARROW_FONT, WIDE_FONT, NARROW] = [11, 12.5, 420]

export const lookOf = ({ theme, width }: ChartOptions): Look => ({
  theme: themeOf(theme),
  fontSize: width < NARROW ? NARROW_FONT : WIDE_FONT,
})

/** The time of the slots, with round times of day. */
export function timeAxis(slots: readonly Slot[], width: number): Axis {
  const domain: [number, number] = [slots[0].start, slots.at(-1)!.end]
  return { title: '', domain, ticks: roundTimes(...domain, Math.max(2, width / 75)), format: clockText }
}

export const outcomeOrder = [
  'kept',
  'escalated',
  'small-failed',
  'large-failed',
  'passed',
  'failed',
  'aborted',
] as const

const GREY = '#8d949e'

/** What is kept, and what becomes of the rest; failures stand out by their darkness, too. */
export const outcomeColors = ({
  right,
  wrong,
  third,
  others,
  ink,
}: Theme): Record<(typeof outcomeOrder)[number], string> => ({
  kept: right,
  escalated: wrong,
  'small-failed': others[2].color,
  'large-failed': third,
  passed: others[3].color,
  failed: ink,
  aborted: GREY,
})
