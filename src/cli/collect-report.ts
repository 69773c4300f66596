import type { Role } from '../collect/call.ts'
import type { Collected } from '../collect/collect.ts'
import type { OutcomeRow } from '../collect/outcome-row.ts'
import { plural } from '../core/outcomes/findings.ts'
import { signalParts } from '../core/signals/signals.ts'
import { amount } from './collect-progress.ts'
import type { CollectSettings } from './collect-settings.ts'

/** What a file of outcomes holds. */
export interface Tally {
  finished: number
  failed: number
  /** Why the first of these failed. */
  error?: string
  cost: number
  /** Answers cut off at the most tokens. */
  cut: Record<Role, number>
  /** Answers that were recorded before something was asked for, by what it was. */
  before: Map<string, number>
  /** Answers of which the verification said nothing, by signal. */
  unread: Map<string, number>
}

type Asked = Pick<CollectSettings, 'signals' | 'keepTokens' | 'samples' | 'pTrue'>

/** Outcomes as lines, counted as they go by. */
export async function* counted(rows: AsyncIterable<OutcomeRow>, tally: Tally, asked: Asked): AsyncGenerator<string> {
  for await (const row of rows) {
    count(row, tally, asked)
    yield `${JSON.stringify(row)}\n`
  }
}

export const emptyTally = (): Tally => ({
  finished: 0,
  failed: 0,
  cost: 0,
  cut: { small: 0, large: 0 },
  before: new Map(),
  unread: new Map(),
})

function count({ small, large, verify, error }: OutcomeRow, tally: Tally, asked: Asked): void {
  if (error === undefined) tally.finished += 1
  else {
    tally.failed += 1
    tally.error ??= error
  }
  tally.cost += (small?.cost ?? 0) + (large?.cost ?? 0) + (verify?.cost ?? 0)
  if (small?.finish === 'length') tally.cut.small += 1
  if (large?.finish === 'length') tally.cut.large += 1
  if (small === undefined) return
  const known: Partial<Record<string, number>> = small.signals
  for (const name of asked.signals)
    if (known[name] === undefined && known[signalParts(name).base] !== undefined) add(tally.before, name)
  if (asked.keepTokens && small.tokens === undefined) add(tally.before, 'tokens')
  if (verify === undefined) return
  if (asked.samples > 0 && known.self_verification === undefined) add(tally.unread, 'self_verification')
  if (asked.pTrue && known.p_true === undefined) add(tally.unread, 'p_true')
}

const add = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)

const words: Partial<Record<string, string>> = {
  self_verification: 'no sample says correct or incorrect',
  p_true: 'neither True nor False is among the alternatives of the first token',
}

/** What came of a collection, for programs. */
export const collectedJson = (
  { calls, reused, stopped }: Collected,
  { finished, failed, cost, cut }: Tally,
  questions: number,
  { out }: CollectSettings,
): string =>
  `${JSON.stringify({ out, questions, finished, failed, cost, calls, calls_known_before: reused, cut, stopped: stopped ?? null })}\n`

/** Says what came of a collection. */
export function report(
  { calls, reused, stopped }: Collected,
  tally: Tally,
  total: number,
  { out, maxCost }: CollectSettings,
  say: (text: string) => void,
): void {
  const { finished, failed, cost, cut, error } = tally
  const done = `${finished.toLocaleString('en')} of ${many(total, 'question')}`
  const earlier = reused > 0 ? `, ${many(reused, 'call')} known before` : ''
  if (finished + failed > 0) say(`wrote ${out}: ${done}, cost ${amount(cost)} (${many(calls, 'call')}${earlier})`)
  for (const role of ['small', 'large'] as const)
    if (cut[role] > 0)
      say(`${many(cut[role], 'answer')} of the ${role} model cut off at the most tokens: raise --max-tokens ${role}=…`)
  for (const [what, answers] of tally.before)
    say(
      `${many(answers, 'answer')} without ${what}: recorded before that was asked for; another --out asks these questions again`,
    )
  for (const [signal, answers] of tally.unread) say(`${many(answers, 'answer')} without ${signal}: ${words[signal]}`)
  if (stopped === 'max-cost')
    say(
      `stopped: another question could take the cost above ${maxCost}; the same command with a higher --max-cost goes on`,
    )
  if (stopped === 'aborted') say('interrupted; the same command goes on from here')
  if (failed > 0)
    process.stderr.write(
      `spillway: ${plural(failed, 'question')} failed ("error" in ${out} says why); the same command asks again. The first: ${error}\n`,
    )
}

const many = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
