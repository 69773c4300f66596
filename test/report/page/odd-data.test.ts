import { describe, expect, test } from 'vitest'
import { hasBrowser } from '../../support/browser.ts'
import { spillway } from '../../support/cli.ts'
import { file, inFolder, jsonl } from '../../support/files.ts'
import { openPage, settled, shownReadings } from '../../support/report-page.ts'

const row = (i: number, more: object = {}) => ({
  small: { quality: Number(i % 3 > 0), signals: { mean_logprob: -(i * 7) % 10, p_true: null as number | null } },
  large: { quality: Number(i % 5 > 0) },
  ...more,
})
const rows = (count: number, more: (i: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => row(i, more(i)))

const odd: [string, object[], string[]][] = [
  ['four rows, of which no interval can be had', rows(4), []],
  ['a signal that no row has', rows(60), []],
  ['a signal that has one value', rows(60, () => ({ length: 3 })), []],
  ['a small model that is the better one', rows(60, () => ({ large: { quality: 0 } })), []],
  ['models that are equally good', rows(60, (i) => ({ large: { quality: Number(i % 3 > 0) } })), []],
  ['calls that cost nothing', rows(60), ['--cost', 'small=0,large=0']],
  ['values of any size', rows(60, (i) => ({ mine: (i - 30) * 10 ** (i % 14) })), ['--signal', 'mine:lower']],
  ['a signal that rows lack', rows(60, (i) => ({ mine: i % 2 ? i : null })), ['--signal', 'mine:higher']],
  ['costs by row', rows(60, (i) => ({ cost_slm: 1e-7 * i, cost_llm: 1e-5 * (i + 1) })), []],
]

describe.skipIf(!hasBrowser)('the report shows', () => {
  test.each(odd)(
    '%s',
    async (name, list, flags) => {
      const out = inFolder(`${name}.html`)
      const made = await spillway([
        'report',
        file(`${name}.jsonl`, jsonl(...list)),
        ...flags,
        '--out',
        out,
        '--resamples',
        '100',
        '--quiet',
      ])
      expect(made).toMatchObject({ code: 0, stderr: '' })
      // So tall that everything is in sight, and drawn.
      const { page, complaints, close } = await openPage(out, { viewport: { width: 1000, height: 7000 } })
      const unfold = async (open: boolean) => {
        const tables = page.locator('figure details')
        expect(await tables.count()).toBeGreaterThan(3)
        await tables.evaluateAll((all, isOpen) => all.forEach((each) => each.toggleAttribute('open', isOpen)), open)
        await settled(page)
      }
      const select = page.getByRole('combobox', { name: 'Signal' })
      for (const signal of await select.locator('option').allTextContents()) {
        await select.selectOption({ label: signal })
        for (const key of ['Home', 'ArrowRight', 'End']) {
          await page.getByRole('slider').press(key)
          await settled(page)
          expect(Object.values(await shownReadings(page)).join(' ')).not.toMatch(/NaN|Infinity|undefined/)
        }
        await unfold(true)
        expect(await page.locator('main').textContent()).not.toMatch(/NaN|Infinity|undefined|\[object/)
        await unfold(false)
      }
      expect(complaints).toEqual([])
      await close()
    },
    60_000,
  )
})
