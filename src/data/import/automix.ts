import { createHash } from 'node:crypto'
import { SpillwayError } from '../../core/errors.ts'
import { placeIn } from '../../core/outcomes/source.ts'
import { numberIn, qualityIn, signalOf, textIn } from './cell.ts'
import type { Importer } from './imported.ts'

/**
 * AutoMix's released outputs (github.com/automix-llm/automix, data/automix_release_with_decision.jsonl): one object a
 * question, columns by model, such as `llama13b_pred_ans` and `llama13b_f1`; `p_ver_13b` is the share of verifications
 * that say correct. Questions on the same text depend on each other.
 */
export const automix: Importer = {
  async *rows(source, { small = 'llama13b', large = 'llama70b', split }) {
    const verified = `p_ver_${small.replace(/^\D+/, '')}`
    let kept = 0
    for await (const { records, lines } of source.batches)
      for (const [i, row] of records.entries()) {
        if (split !== undefined && row.split !== split) continue
        const place = placeIn(source, lines[i])
        const context = textIn(row, 'base_ctx')
        const confidence = numberIn(row, verified) ?? numberIn(row, 'p_ver')
        kept += 1
        yield {
          id: textIn(row, 'pid') ?? textIn(row, 'id') ?? String(kept),
          ...(context === undefined
            ? {}
            : { group: createHash('sha256').update(context).digest('hex').slice(0, GROUP_DIGITS) }),
          dataset: textIn(row, 'dataset'),
          question: textIn(row, 'question'),
          gold: textIn(row, 'output'),
          small: {
            model: small,
            answer: textIn(row, `${small}_pred_ans`),
            quality: qualityIn(row, `${small}_f1`, place),
            signals: signalOf('self_verification', confidence),
          },
          large: {
            model: large,
            answer: textIn(row, `${large}_pred_ans`),
            quality: qualityIn(row, `${large}_f1`, place),
          },
        }
      }
    if (kept === 0 && split !== undefined)
      throw new SpillwayError('bad-input', `${source.name}: no row has the split ${split}`)
  },
  hint: (out) => `AutoMix counts costs as spillway sweep ${out} --cost small=1,verify=1,large=50`,
}

const GROUP_DIGITS = 16
