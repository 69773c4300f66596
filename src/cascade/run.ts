import { SpillwayError } from '../core/errors.ts'
import { ModelError } from '../models/model-error.ts'
import type { Stop } from '../models/stop.ts'
import { attend, type Attended } from './attend.ts'
import { callOf, type Call, type CallReport } from './call.ts'
import type { Part, Stage } from './stage.ts'
import type { Verdict } from './watch.ts'

export interface RunOptions {
  /** Aborts every call. */
  signal: Stop
  /** ms, of any origin. */
  now: () => number
  /** `early`: a kept answer is passed on from its decision on, not from its end. */
  mode?: 'buffer' | 'early'
  /** The most tokens that an answer can have; without one, Infinity. */
  limit?: number
  /** Whether an earlier stage's whole answer stands in for the last one's where that fails. */
  fallback?: boolean
  /** Asks the next stage already after so many tokens in a row with which the answer would be escalated. */
  speculateAfter?: number
  /** Whether reports keep the answers. */
  texts?: boolean
}

/** What was made of a stage's answer: a verdict, or a failure that the next stage answered for. */
export type StageVerdict = { stage: string } & (Verdict | { error: ModelError })

/** What happened, for logs and bills. */
export interface RunReport {
  /** One a stage that was asked, but for the last. */
  verdicts: StageVerdict[]
  calls: CallReport[]
}

/** The answer that stands. */
export interface Chosen<P extends Part, M> {
  stage: Stage<P, M>
  meta: M
  /** The answer stands in for that of the last stage, which failed. */
  inPlaceOf?: ModelError
  /**
   * The whole answer: parts that were held back, then those that come. To be read once.
   * @throws ModelError where the answer breaks off; the signal's reason
   */
  parts: AsyncIterableIterator<P>
  /** Whole once `parts` has ended. */
  report(): RunReport
}

/** No stage has an answer; with what happened. */
export class NoAnswer extends Error {
  readonly error: unknown
  readonly report: RunReport
  constructor(error: unknown, report: RunReport) {
    super('no stage has an answer', { cause: error })
    this.error = error
    this.report = report
  }
}

/**
 * Asks stage after stage until an answer is kept; that of the last stage is. A stage that fails is as one that
 * escalates.
 * @throws NoAnswer where the last stage fails, a signal is missing that must not be, or the signal is aborted
 */
export async function runCascade<P extends Part, M>(
  stages: readonly Stage<P, M>[],
  options: RunOptions,
): Promise<Chosen<P, M>> {
  const { signal, now, mode = 'buffer', speculateAfter, texts } = options
  const startedAt = now()
  const calls: Call<P, M>[] = []
  const verdicts: StageVerdict[] = []
  const report = (): RunReport => ({ verdicts, calls: calls.map((call) => call.report()) })
  const start = (stage: Stage<P, M>): Call<P, M> => {
    const call = callOf(stage, { signal, now, startedAt, texts })
    calls.push(call)
    return call
  }
  const chosen = async (call: Call<P, M>, held: P[], whole: boolean): Promise<Chosen<P, M>> => ({
    stage: call.stage,
    meta: await call.meta(),
    parts: partsOf(call, held, whole),
    report,
  })

  /** The call of a stage, where it was made ahead of time. */
  const ahead = new Map<Stage<P, M>, Call<P, M>>()
  let spare: { call: Call<P, M>; held: P[] } | undefined
  try {
    for (const [i, stage] of stages.entries()) {
      const last = i === stages.length - 1
      if (!last && alwaysEscalates(stage)) {
        verdicts.push({ stage: stage.name, decision: { action: 'escalate', reason: 'always' }, signals: {} })
        continue
      }
      const call = ahead.get(stage) ?? start(stage)
      if (last) {
        const held = await begun(call)
        return await chosen(call, held, false)
      }
      let attended: Attended<P>
      try {
        attended = await attend(call, {
          rule: stage.keep!,
          mode,
          limit: options.limit,
          speculateAfter,
          onDoubt() {
            const next = stages[i + 1]
            if (!ahead.has(next)) ahead.set(next, start(next))
          },
        })
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        signal.throwIfAborted()
        verdicts.push({ stage: stage.name, error })
        continue
      }
      const { held, whole, ...verdict } = attended
      verdicts.push({ stage: stage.name, ...verdict })
      if (verdict.decision.action === 'keep') {
        ahead.get(stages[i + 1])?.abort()
        return await chosen(call, held, whole)
      }
      if (whole) spare = { call, held }
    }
    throw new SpillwayError('usage', 'a cascade needs at least one stage')
  } catch (error) {
    if (spare !== undefined && options.fallback === true && error instanceof ModelError && !signal.aborted)
      return { ...(await chosen(spare.call, spare.held, true)), inPlaceOf: error }
    for (const call of calls) call.abort()
    throw new NoAnswer(signal.aborted ? signal.reason : error, report())
  }
}

const alwaysEscalates = ({ keep }: Stage): boolean =>
  keep !== undefined && 'always' in keep.policy && keep.policy.always === 'escalate'

/** Reads the last stage's answer until it says something: until then, a failure can still be mended. */
async function begun<P extends Part>(call: Call<P, unknown>): Promise<P[]> {
  const held: P[] = []
  for (let part = await call.next(); part !== undefined; part = await call.next()) {
    held.push(part)
    if (part.events.some(({ type }) => type !== 'usage')) break
  }
  return held
}

/** No generator, since each takes several turns a part. */
function partsOf<P extends Part>(call: Call<P, unknown>, held: readonly P[], whole: boolean): AsyncIterableIterator<P> {
  let ended = whole
  let told = 0
  const end = () => {
    if (!ended) call.abort()
    ended = true
    told = held.length
  }
  return {
    async next() {
      if (told < held.length) return { done: false, value: held[told++] }
      if (ended) return { done: true, value: undefined }
      try {
        const value = await call.next()
        if (value !== undefined) return { done: false, value }
        ended = true
        return { done: true, value }
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
