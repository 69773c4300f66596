/** Draws docs/images/cost-quality.svg, the README's picture, from the shipped outcomes of the tiny pair. */
import { fileURLToPath } from 'node:url'
import { finish } from '../src/core/stats/work.ts'
import { lintOutcomes } from '../src/data/read-outcomes.ts'
import { writeFileWhole } from '../src/data/write.ts'
import { figureData } from '../src/report/figures/figures.ts'
import { figureFile } from '../src/report/render/figure-file.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { outcomes, findings } = await lintOutcomes(here('../examples/tiny-pair/outcomes.jsonl'))
const names = ['min_logprob', 'mean_logprob', 'max_entropy', 'length']
const shown = { ...outcomes, signals: outcomes.signals.filter(({ name }) => names.includes(name)) }
const inputs = { files: ['outcomes.jsonl'], datasets: outcomes.datasets }
const data = finish(
  figureData(shown, findings, inputs, { opening: { signal: 'min_logprob', threshold: -0.6 }, onlyOpening: true }),
)
const picture = await figureFile(data, {
  figure: 'cost-quality',
  kind: 'svg',
  size: { width: 7.2, height: 4 },
  dpi: 96,
})
await writeFileWhole(here('../docs/images/cost-quality.svg'), [picture])
