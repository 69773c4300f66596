import { alignColumns } from '../../src/report/text-table.ts'
import { inMs, ratio } from '../timing.ts'
import type { FirstToken } from './early.ts'
import { addedOf, ratioOf } from './figures.ts'
import { BUFFER, BUFFER_CUT, KEEP, KEEP_CUT, type Path } from './paths.ts'
import { LONG_CHARS, type LongPrompt } from './prompts.ts'
import type { Line } from './rounds.ts'

/** What is to be reached, and what was. */
interface Reach {
  what: string
  target: string
  measured: string
  met: boolean
}

/** Against noise: two medians of the same thing differ by about so much. */
const SAME_MS = 0.1

export function reachOf(lines: readonly Line[], prompt: LongPrompt, first: FirstToken): string {
  const rows: Reach[] = [
    ...throughput(lines, KEEP, 0.7),
    ...throughput(lines, KEEP_CUT, 0.5),
    ...throughput(lines, BUFFER, 0.7),
    ...throughput(lines, BUFFER_CUT, 0.5),
    ...[KEEP, KEEP_CUT, BUFFER, BUFFER_CUT].flatMap((path) => added(lines, path)),
    {
      what: `${LONG_CHARS.toLocaleString('en-US')} characters of prompt`,
      target: `+${inMs(prompt.passThrough)} ms, as passed through`,
      measured: `+${inMs(prompt.keep)} ms`,
      met: prompt.keep <= prompt.passThrough + SAME_MS,
    },
    {
      what: 'early: from the k-th token to the first of the client',
      target: '≤ 5 ms at p50',
      measured: `${inMs(first.p50)} ms (p99 ${inMs(first.p99)}; passed through ${inMs(first.passThroughP50)})`,
      met: first.p50 <= 5,
    },
  ]
  return alignColumns([
    ['reach', 'target', 'measured', ''],
    ...rows.map(({ what, target, measured, met }) => [what, target, measured, met ? 'met' : 'not met']),
  ]).join('\n')
}

const of = (lines: readonly Line[], path: Path) => lines.filter((line) => line.path === path)

/** Of the pass-through's requests a second, under every load but that of one request at a time. */
const throughput = (lines: readonly Line[], path: Path, least: number): Reach[] =>
  of(lines, path)
    .filter(({ concurrency }) => concurrency > 1)
    .map(({ form, concurrency, rounds }) => {
      const share = ratioOf(rounds, 'perSecond')
      return {
        what: `${form}, ${path.name}: requests/s, ${concurrency} at once`,
        target: `≥ ${ratio(least)}`,
        measured: ratio(share),
        met: share >= least,
      }
    })

const added = (lines: readonly Line[], path: Path): Reach[] =>
  of(lines, path)
    .filter(({ concurrency }) => concurrency === 1)
    .map(({ form, rounds }) => {
      const ms = addedOf(rounds, 'p50')
      return {
        what: `${form}, ${path.name}: added at p50, one at a time`,
        target: '≤ 0.5 ms',
        measured: `${inMs(ms)} ms`,
        met: ms <= 0.5,
      }
    })
