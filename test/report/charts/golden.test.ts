import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { figureNames } from '../../../src/report/charts/names.ts'
import { chartSvg } from '../../../src/report/render/svg.ts'
import { tinyFigures } from '../../support/charts.ts'

const golden = (name: string) => fileURLToPath(new URL(`../../golden/${name}.svg`, import.meta.url))

/** Places to two decimals, one element a line: what is left of differences between machines, and what a reader can compare. */
const comparable = (svg: string): string =>
  svg
    .replaceAll(/(?<==")[^"]*"/g, (value) =>
      value.replaceAll(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)) + 0)),
    )
    .replaceAll('><', '>\n<')

/** `UPDATE_GOLDEN=1 npx vitest run test/report/charts` writes the pictures anew: look at them before they are kept. */
const update = process.env.UPDATE_GOLDEN === '1'

describe('every figure looks as it did when it was last looked at', async () => {
  const data = await tinyFigures()
  const small = { width: 3.3, height: 2.4 }
  const looks = [
    ...figureNames.map((figure) => ({ name: figure, figure, size: { width: 5, height: 3.2 }, choice: {} })),
    { name: 'cost-quality-dark', figure: 'cost-quality', size: small, choice: { theme: 'dark', signal: 3, stop: 3 } },
    { name: 'signal-length', figure: 'signal', size: small, choice: { signal: 3 } },
  ] as const
  test.each(looks)('$name', ({ name, figure, size, choice }) => {
    const svg = comparable(chartSvg(figure, data, size, choice))
    if (update || !existsSync(golden(name))) writeFileSync(golden(name), `${svg}\n`)
    expect(`${svg}\n`).toBe(readFileSync(golden(name), 'utf8'))
  })
})
