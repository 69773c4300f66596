import { basename } from 'node:path'
import { SpillwayError } from '../../core/errors.ts'
import { placeIn } from '../../core/outcomes/source.ts'
import { numberIn, qualityIn, signalOf, textIn } from './cell.ts'
import type { Importer } from './imported.ts'

/** What RouteLLM's routers say of a question before either model has answered. */
const WIN_RATE = 'strong_win_rate'

/**
 * RouteLLM's recorded benchmarks (github.com/lm-sys/RouteLLM, routellm/evals/mmlu/responses/*.csv and
 * gsm8k/gsm8k_responses.csv): a prompt, and for each model, by its name, whether it answered it right; for some also
 * what it answered. The weak model's column comes first.
 */
export const routellm: Importer = {
  async *rows(source, options) {
    const dataset = basename(source.name).replace(/\..*$/, '')
    let count = 0
    for await (const { records, lines } of source.batches)
      for (const [i, row] of records.entries()) {
        const place = placeIn(source, lines[i])
        const [small, large] = modelsOf(row, place, options)
        const winRate = numberIn(row, WIN_RATE) ?? numberIn(row, `${WIN_RATE}s`)
        count += 1
        yield {
          id: `${dataset}:${count}`,
          dataset,
          question: textIn(row, 'prompt'),
          small: {
            model: small,
            answer: textIn(row, `${small}_response`),
            quality: qualityIn(row, small, place),
            signals: signalOf(WIN_RATE, winRate),
          },
          large: { model: large, answer: textIn(row, `${large}_response`), quality: qualityIn(row, large, place) },
        }
      }
  },
  hint: (out) =>
    `RouteLLM keeps its routers' win rates apart: put them into a column ${WIN_RATE} of another file, in the order of the rows, and go on with spillway sweep ${out} win-rates.csv --signal ${WIN_RATE}:lower`,
}

function modelsOf(
  row: Record<string, unknown>,
  place: string,
  { small, large }: { small?: string; large?: string },
): [small: string, large: string] {
  const models = Object.keys(row).filter(
    (name) => !/^(?:prompt|.*_response|strong_win_rates?|Unnamed: \d+|)$/.test(name),
  )
  const pair = [small ?? models.find((name) => name !== large), large ?? models.findLast((name) => name !== small)]
  const [weak, strong] = pair
  if (!('prompt' in row) || weak === undefined || strong === undefined || weak === strong)
    throw new SpillwayError(
      'bad-input',
      `${place}: expected a prompt and a column for each of two models, and found: ${Object.keys(row).join(', ')}`,
    )
  return [weak, strong]
}
