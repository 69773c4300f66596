import type { Outcomes } from '../../src/core/outcomes/outcomes.ts'
import { finish } from '../../src/core/stats/work.ts'
import type { FigureData } from '../../src/report/figures/figure-data.ts'
import { figureData } from '../../src/report/figures/figures.ts'
import { outcomesOf } from './outcomes.ts'

/** Outcomes of 200 rows whose signal `s` says much, and `t` the opposite way round, little. */
export const tellingOutcomes = (): Outcomes =>
  outcomesOf(
    Array.from({ length: 200 }, (_, i) => ({
      small: i % 4 === 0 || i > 120 ? 1 : 0,
      large: i % 10 === 0 ? 0 : 1,
      signal: i / 100,
      second: (i * 37) % 200,
      cost: 10,
    })),
  )

/** What a page is made of, with few resamples. */
export const figuresOfOutcomes = (outcomes: Outcomes = tellingOutcomes()): FigureData =>
  finish(
    figureData(
      outcomes,
      [],
      { files: ['test.jsonl'], datasets: outcomes.datasets },
      {
        costs: { small: 1, large: 10 },
        resamples: 200,
      },
    ),
  )
