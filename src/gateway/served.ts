import type { Coin } from './audit/coin.ts'
import type { AuditScorer } from './audit/scorer.ts'
import type { AskedRule } from '../cascade/keep-rule.ts'
import type { Exchange, ExchangeOptions } from '../models/exchange.ts'
import type { Price } from '../models/price.ts'

/** A model that a gateway can ask in OpenAI's words: one behind HTTP, or a local one made to look so. */
export interface ServedModel {
  /** What the configuration and clients call it. */
  name: string
  /** Its name at its server. */
  upstream: string
  price?: Price
  /** Further fields of requests that do not have them. */
  body?: Readonly<Record<string, unknown>>
  exchange(body: Uint8Array, options: ExchangeOptions): Promise<Exchange>
}

/** A model's place in a cascade. */
export interface ServedStage {
  model: ServedModel
  /** The last stage has none. */
  keep?: AskedRule
}

/** How the requests of a cascade are audited. */
export interface ServedAudit {
  coin: Coin
  /** Without one, answers are scored later, from their texts. */
  scorer?: AuditScorer
}

/** A cascade as clients see it: a model by a name. */
export interface ServedCascade {
  name: string
  stages: readonly ServedStage[]
  /** The hash of the policy file, or of several. */
  policyHash?: string
  mode: 'buffer' | 'early'
  /** Whether an earlier answer stands in where the last stage fails. */
  fallback: boolean
  speculateAfter?: number
  /** What becomes of requests for several answers: the last stage alone, or an error. */
  severalAnswers: 'large' | 'refuse'
  /** The temperature that the policy was tuned at. */
  tunedTemperature?: number
  /** Which requests are audited, and how. */
  audit?: ServedAudit
  /** What every client is told. */
  warnings?: readonly string[]
}
