import type { LanguageModelV3CallOptions, LanguageModelV3GenerateResult } from '@ai-sdk/provider'
import { thrownBy } from './fault.ts'
import { withDetails } from './metadata.ts'
import { running, type Settings } from './run.ts'
import { wholeWay } from './whole-way.ts'

/** One answer in one piece: that of one model, with what was decided and what all calls counted. */
export async function generate(
  settings: Settings,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3GenerateResult> {
  const run = await running(settings, options, wholeWay, false)
  try {
    let result: LanguageModelV3GenerateResult | undefined
    for await (const part of run.chosen.parts) result = part.result
    if (result === undefined) throw new Error('an answer without a part')
    run.begun()
    const { record, usage } = run.facts()
    run.over()
    const { warnings, providerMetadata } = result
    return {
      ...result,
      usage,
      warnings: [...warnings, ...run.warnings()],
      providerMetadata: withDetails(providerMetadata, record),
    }
  } catch (error) {
    run.over(error)
    throw thrownBy(error)
  }
}
