import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FAINT_TEXTS, TOO_WIDE } from '../../support/appearance.ts'
import { hasBrowser } from '../../support/browser.ts'
import { spillway } from '../../support/cli.ts'
import { file, inFolder, jsonl } from '../../support/files.ts'
import { openPage, settled, shownReadings, type OpenedPage } from '../../support/report-page.ts'

const marks = '<img src=x onerror="document.title=1">'
const hostile = `${marks}</script><script>document.title=2</script>\u2028&amp;`
const long = 'averyveryverylongwordwithoutanyplacetobreakit'.repeat(12)

/** Rows whose texts try to be more than texts. */
const rows = Array.from({ length: 120 }, (_, i) => ({
  id: `${i} ${hostile}`,
  dataset: 'a <b>data</b> set',
  question: i % 2 ? hostile : long,
  gold: hostile,
  small: { model: marks, answer: hostile, quality: Number(i % 3 > 0), cost: 1, signals: { mean_logprob: -i / 50 } },
  large: { model: '</title>', answer: i % 5 ? hostile : long, quality: Number(i % 7 > 0), cost: 10 },
}))

/** Everything is drawn that is drawn only once it comes into sight. */
async function scrollThrough(page: Page): Promise<void> {
  for (const part of await page.locator('main > section, figure').all()) {
    await part.scrollIntoViewIfNeeded()
    await settled(page)
  }
}

describe.skipIf(!hasBrowser)('the look of the report', () => {
  const report = inFolder('hostile.html')
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

  beforeAll(async () => {
    const data = file('hostile.jsonl', jsonl(...rows))
    const args = ['--title', hostile, '--out', report, '--resamples', '100', '--policies', 'threshold']
    expect(await spillway(['report', data, ...args])).toMatchObject({ code: 0 })
  }, 120_000)

  describe.each([
    ['light', 'wide', {}],
    ['dark', 'wide', {}],
    ['light', 'on a phone', phone],
    ['dark', 'on a phone', phone],
  ] as const)('%s, %s', (colorScheme, _, options) => {
    let opened: OpenedPage
    beforeAll(async () => {
      opened = await openPage(report, { ...options, colorScheme })
      await scrollThrough(opened.page)
    }, 60_000)
    afterAll(() => opened?.close())

    test('nothing is wider than the page, and texts have contrast', async () => {
      const { page } = opened
      for (const details of await page.locator('details').all()) await details.evaluate('(each) => (each.open = true)')
      await settled(page)
      expect(await page.evaluate(TOO_WIDE)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([])
    })

    test('what the data hold stays text', async () => {
      const { page, complaints } = opened
      expect(await page.title()).toBe(hostile.trim())
      expect(await page.locator('h1').textContent()).toBe(hostile)
      expect(await page.locator('img').count()).toBe(0)
      expect(await page.locator('#page script, #page b b').count()).toBe(0)
      expect(await page.locator('.example').first().textContent()).toContain(hostile)
      expect(complaints).toEqual([])
    })
  })

  test('the button turns the page dark and back, with its charts', async () => {
    const { page, close } = await openPage(report, { colorScheme: 'light' })
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    const ink = () => page.locator('#figure-1 svg').first().getAttribute('color')
    const [before, drawn] = [await paper(), await ink()]
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await settled(page)
    expect(await paper()).not.toBe(before)
    expect(await ink()).not.toBe(drawn)
    await page.getByRole('button', { name: 'Light theme' }).click()
    await settled(page)
    expect([await paper(), await ink()]).toEqual([before, drawn])
    await close()
  })

  test('a finger drags the point, and scrolls the page beside it', async () => {
    const { page, close } = await openPage(report, phone)
    const devtools = await page.context().newCDPSession(page)
    const touch = (type: string, points: { x: number; y: number }[]) =>
      devtools.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points })
    await page.locator('#figure-1').scrollIntoViewIfNeeded()
    const handle = page.locator('#figure-1 .handle')
    await handle.scrollIntoViewIfNeeded()
    await settled(page)
    const box = (await handle.boundingBox())!
    const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const [kept, top] = [(await shownReadings(page)).kept_share, await page.evaluate('scrollY')]
    await touch('touchStart', [from])
    for (let i = 1; i <= 8; i++) await touch('touchMove', [{ x: from.x + 12 * i, y: from.y - 4 * i }])
    await touch('touchEnd', [])
    expect((await shownReadings(page)).kept_share).not.toBe(kept)
    expect(await page.evaluate('scrollY')).toBe(top)
    await close()
  })

  test('on paper there is no slider, white charts, and the chosen threshold in words', async () => {
    const { page, close } = await openPage(report, { colorScheme: 'dark' })
    await scrollThrough(page)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.getByRole('slider').count()).toBe(0)
    expect(await page.locator('.rule').isVisible()).toBe(true)
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(255, 255, 255)')
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.length).toBeGreaterThan(20_000)
    await close()
  })

  test('who wants less motion gets none', async () => {
    const { page, close } = await openPage(report, { reducedMotion: 'reduce' })
    expect(await page.evaluate('document.getAnimations().length')).toBe(0)
    await close()
  })
})
