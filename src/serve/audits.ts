import { resolve } from 'node:path'
import { scoringOf } from '../audits/qualities.ts'
import type { OpenedModel } from '../config/open-model.ts'
import type { ModelEntry } from '../config/schema.ts'
import type { AuditConfig, ServeConfig } from '../config/serve-schema.ts'
import { SpillwayError } from '../core/errors.ts'
import { questionText } from '../gateway/audit/audit-record.ts'
import { AuditError } from '../gateway/audit/audit-error.ts'
import { coinOf, type Coin } from '../gateway/audit/coin.ts'
import type { AuditScorer } from '../gateway/audit/scorer.ts'
import type { ServedAudit } from '../gateway/served.ts'
import { judgeOf } from './judge.ts'

const PROBABILITY = 0.01

export interface AuditContext {
  /** The configuration's part, for messages: `spillway.yaml: serve.cascades.chat.audit`. */
  place: string
  folder: string
  /** The model that audits ask. */
  large: string
  /** Coins go on where the configuration is read again: a day has one budget. */
  coins?: Map<string, Coin>
  opened: ReadonlyMap<string, { entry: ModelEntry; opened: OpenedModel }>
}

/** Whether questions and answers are logged. */
export const logsTexts = ({ log }: ServeConfig): boolean => log !== false && log?.texts === true

/** @throws SpillwayError where audits could find nothing, or a scorer or judge is not there */
export async function auditOf(
  { probability = PROBABILITY, per_day: perDay, ...config }: AuditConfig,
  serve: ServeConfig,
  context: AuditContext,
): Promise<ServedAudit> {
  const scorer = await scorerOf(config, context)
  if (scorer === undefined && !logsTexts(serve))
    throw wrong(
      context,
      'audits could find nothing: there is neither a scorer nor a judge, and texts are not logged, so that nobody can score them later; write scorer: or judge: here, or texts: true under serve.log',
    )
  const unpriced = [context.large, config.judge].find(
    (name) => name !== undefined && context.opened.get(name)?.entry.price === undefined,
  )
  if (perDay !== undefined && unpriced !== undefined)
    throw wrong(
      context,
      `per_day bounds what audits cost, and ${unpriced} has no price; write price: for it, or leave per_day out`,
    )
  const coin =
    context.coins?.get(context.place) ??
    coinOf({
      probability,
      ...(perDay === undefined ? {} : { perDay }),
      random: Math.random,
      now: () => performance.now(),
    })
  coin.change({ probability, ...(perDay === undefined ? {} : { perDay }) })
  context.coins?.set(context.place, coin)
  return { coin, ...(scorer === undefined ? {} : { scorer }) }
}

async function scorerOf(
  { scorer, judge, prompt }: Pick<AuditConfig, 'scorer' | 'judge' | 'prompt'>,
  context: AuditContext,
): Promise<AuditScorer | undefined> {
  if (scorer !== undefined && judge !== undefined)
    throw wrong(context, 'there is a scorer and a judge; leave one of them out')
  if (judge === undefined && prompt !== undefined)
    throw wrong(context, 'the prompt is a judge’s, and there is none; write judge: NAME of a model')
  if (judge !== undefined) {
    const model = context.opened.get(judge)
    if (model === undefined)
      throw wrong(context, `there is no model ${judge} to judge; there are ${[...context.opened.keys()].join(', ')}`)
    const { entry, opened } = model
    return judgeOf({
      name: judge,
      model: opened.model,
      ...(entry.price && { price: entry.price }),
      ...(prompt && { prompt: isInline(prompt) ? prompt : resolve(context.folder, prompt) }),
    }).catch((error: unknown) => placed(context, error))
  }
  if (scorer === undefined) return undefined
  const { quality } = await scoringOf(scorer, undefined, context.folder).catch((error: unknown) =>
    placed(context, error),
  )
  return {
    name: scorer,
    async score({ small, large, question, gold }) {
      const request = {
        question: questionText(question),
        gold,
        large: { answer: large },
        fields: { messages: question },
      }
      const of = (role: 'small' | 'large', answer: string | undefined) =>
        answer === undefined ? undefined : quality(request, role, answer)
      const found = { small: await of('small', small), large: await of('large', large) }
      if (found.small === undefined && found.large === undefined)
        throw new AuditError(`${scorer} needs to know what is right, and nothing says it`)
      return found
    },
  }
}

/** Other prompts are files, whose paths start at the configuration's folder. */
const isInline = (prompt: string): boolean => prompt.includes('{{')

/** The same mistake with its place in the configuration. */
function placed(context: AuditContext, error: unknown): never {
  throw SpillwayError.is(error) ? wrong(context, error.message) : error
}

const wrong = ({ place }: AuditContext, text: string) => new SpillwayError('usage', `${place}: ${text}`)
