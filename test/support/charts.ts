import { figureData, type FigureOptions } from '../../src/report/figures/figures.ts'
import type { FigureData } from '../../src/report/figures/figure-data.ts'
import { finish } from '../../src/core/stats/work.ts'
import { lintOutcomes } from '../../src/data/read-outcomes.ts'
import { tinyPair } from './tiny-pair.ts'

/** What charts show of the shipped outcomes, from a few signals and resamples. */
export async function tinyFigures(
  signals: readonly string[] = ['min_margin', 'mean_logprob', 'max_entropy', 'length'],
  options: FigureOptions = { resamples: 200, stops: 101 },
): Promise<FigureData> {
  const { outcomes, findings } = await lintOutcomes(`${tinyPair}/outcomes.jsonl`)
  const shown = { ...outcomes, signals: outcomes.signals.filter(({ name }) => signals.includes(name)) }
  return finish(figureData(shown, findings, { files: ['outcomes.jsonl'], datasets: outcomes.datasets }, options))
}
