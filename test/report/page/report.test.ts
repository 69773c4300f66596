import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../../support/browser.ts'
import { spillway } from '../../support/cli.ts'
import { file, inFolder } from '../../support/files.ts'
import { openPage, settled, shownReadings, type OpenedPage } from '../../support/report-page.ts'
import { expectShown } from '../../support/shown.ts'
import { tinyPair } from '../../support/tiny-pair.ts'

const outcomes = `${tinyPair}/outcomes.jsonl`
const report = inFolder('report.html')

/** A point of `sweep --json`. */
type SweptPoint = Record<string, number | null> & { threshold: number | null }
interface Swept {
  signals: { signal: string; points: SweptPoint[] }[]
}

describe.skipIf(!hasBrowser)('the report in a browser', () => {
  let swept: Swept
  let opened: OpenedPage
  let page: Page

  beforeAll(async () => {
    const made = await spillway(['report', outcomes, '--out', report, '--resamples', '200'])
    expect(made).toMatchObject({ code: 0 })
    swept = JSON.parse((await spillway(['sweep', outcomes, '--json'])).stdout) as Swept
    opened = await openPage(report)
    page = opened.page
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  }, 120_000)
  afterAll(() => opened?.close())

  const slider = () => page.getByRole('slider', { name: 'Threshold' })
  const stop = async () => Number(await slider().inputValue())
  const clipboard = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>

  /** The point of the sweep that the page is at, found by the policy that it would copy. */
  async function pointOfSweep(): Promise<SweptPoint> {
    const policy = JSON.parse(await page.locator('.texts pre').first().textContent().then(String)) as {
      keepWhen?: { signal: string; atLeast?: number; atMost?: number }[]
      always?: string
    }
    const name = await page.getByRole('combobox', { name: 'Signal' }).locator('option:checked').textContent()
    const { points } = swept.signals.find(({ signal }) => signal === name)!
    if (policy.always !== undefined) return points.at(policy.always === 'keep' ? 0 : -1)!
    const [condition] = policy.keepWhen!
    expect(condition.signal).toBe(name)
    return points.find(({ threshold }) => threshold === (condition.atLeast ?? condition.atMost))!
  }

  async function expectSweepsNumbers(): Promise<void> {
    const shown = await shownReadings(page)
    const point = await pointOfSweep()
    expectShown(shown.kept_share, 100 * point.kept_share!, 'kept share')
    for (const name of ['escalated', 'quality', 'cost', 'ibc_cascade', 'ibc_standalone'])
      expectShown(shown[name], point[name], name)
    for (const name of ['delta_ibc_cascade', 'delta_ibc_standalone']) expectShown(shown[name], point[name], name)
  }

  /** The middle of the operating point's handle on the first chart. */
  async function handle(): Promise<{ x: number; y: number }> {
    await page.locator('#figure-1 .handle').scrollIntoViewIfNeeded()
    await settled(page)
    const { x, y, width, height } = (await page.locator('#figure-1 .handle').boundingBox())!
    return { x: x + width / 2, y: y + height / 2 }
  }

  test('opens with the numbers of the sweep', async () => {
    await expectSweepsNumbers()
    expect(await page.title()).toBe('tiny-pair')
  })

  test('arrow keys, Home and End move the point, and the numbers are the sweep’s at every place', async () => {
    await slider().focus()
    const before = await stop()
    for (const [key, expected] of [
      ['ArrowRight', before + 1],
      ['ArrowRight', before + 2],
      ['ArrowLeft', before + 1],
      ['Home', 0],
      ['End', Number(await slider().getAttribute('max'))],
    ] as const) {
      await page.keyboard.press(key)
      await settled(page)
      expect(await stop()).toBe(expected)
      await expectSweepsNumbers()
    }
    await page.keyboard.press('Home')
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight')
    await expectSweepsNumbers()
    expect(await slider().getAttribute('aria-valuetext')).toMatch(/^keep when min_logprob ≥ .*: keeps \d/)
  })

  test('every signal can be chosen, and is taken up at about the same budget', async () => {
    const kept = async () => Number.parseFloat((await shownReadings(page)).kept_share)
    for (const { signal } of swept.signals) {
      if (signal === 'length') continue // seven values
      const before = await kept()
      await page.getByRole('combobox', { name: 'Signal' }).selectOption({ label: signal })
      await expectSweepsNumbers()
      expect(Math.abs((await kept()) - before), signal).toBeLessThan(1)
    }
    await page.getByRole('button', { name: 'min_margin', exact: true }).click()
    await expectSweepsNumbers()
    expect(await page.getByRole('button', { name: 'min_margin', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    )
  })

  test('the point on the chart can be dragged with the mouse, and moves on every chart', async () => {
    const from = await handle()
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x + 60, from.y - 20, { steps: 6 })
    await page.mouse.move(from.x + 150, from.y - 60, { steps: 6 })
    await page.mouse.up()
    await settled(page)
    const to = await handle()
    expect(to.x).toBeGreaterThan(from.x + 80)
    await expectSweepsNumbers()
    const places = async () => {
      const found: string[] = []
      for (const figure of await page.locator('figure').all()) {
        await figure.scrollIntoViewIfNeeded()
        await settled(page)
        found.push(await figure.locator('svg').last().innerHTML())
      }
      return found
    }
    const before = await places()
    await slider().focus()
    for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowRight')
    const after = await places()
    expect(before).toHaveLength(6)
    expect(after.filter((each, i) => each === before[i])).toEqual([])
  })

  test('what is copied is the policy of the point: route takes it, and gives the same numbers', async () => {
    await page.getByRole('button', { name: 'Copy policy.json' }).first().click()
    await page.getByText('Copied: policy.json.').waitFor()
    const policy = file('copied-policy.json', await clipboard())
    const routed = await spillway(['route', outcomes, '--policy', policy, '--out', inFolder('copied.jsonl')])
    expect(routed.code, routed.stderr).toBe(0)
    const summary = JSON.parse(routed.stderr.slice(routed.stderr.indexOf('{'))) as Record<string, number>
    const shown = await shownReadings(page)
    expectShown(shown.escalated, summary.lm2_count, 'escalated')
    expectShown(shown.quality, summary.avg_perf, 'quality')
    expectShown(shown.cost, summary.avg_cost, 'cost')
    expectShown(shown.delta_ibc_cascade, summary.delta_IBC, 'delta_ibc')
    await page.getByRole('button', { name: 'Copy command' }).click()
    await page.getByText('Copied: command.').waitFor()
    expect(await clipboard()).toBe(`spillway route ${outcomes} --policy policy.json --out routed.jsonl`)
  })

  test('examples on either side of the threshold are the nearest ones', async () => {
    await slider().focus()
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight')
    await settled(page)
    const threshold = (await pointOfSweep()).threshold!
    const column = (title: string) => page.locator('#examples .pair > div').filter({ hasText: title })
    const values = async (title: string) =>
      (await column(title).locator('.example-head .number').allTextContents()).map((text) =>
        Number(text.split(' ').at(-1)!.replaceAll('−', '-')),
      )
    await column('Just kept')
      .getByText(String(Number(threshold.toPrecision(5))))
      .first()
      .waitFor()
    const [kept, escalated] = [await values('Just kept'), await values('Just escalated')]
    expect(kept).toEqual(kept.toSorted((a, b) => a - b))
    expect(escalated).toEqual(escalated.toSorted((a, b) => b - a))
    expect(escalated[0]).toBeLessThan(kept[0])
  })

  test('figures that rest on few escalated rows are marked', async () => {
    await slider().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    const shown = await shownReadings(page)
    expect(shown.delta_ibc_cascade).toMatch(/^~/)
    expect(await page.locator('.shaky').textContent()).toMatch(/^~ rests on \d escalated rows/)
  })

  test('behind every chart there is a table', async () => {
    for (const figure of await page.locator('figure').all()) {
      await figure.getByText('Table', { exact: true }).click()
      await figure.locator('tbody tr').nth(3).waitFor()
      expect(await figure.locator('thead th').count()).toBeGreaterThan(2)
    }
  })

  test('landmarks, labels and one heading structure', async () => {
    expect(await page.getByRole('main').count()).toBe(1)
    expect(await page.getByRole('banner').count()).toBe(1)
    const regions = await page.getByRole('main').getByRole('region').all()
    expect(regions.length).toBeGreaterThanOrEqual(7)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await page.locator('svg[role=img]:not([aria-label]):not([aria-hidden])').count()).toBe(0)
    await page.locator('[aria-live=polite]').filter({ hasText: 'kept' }).waitFor({ state: 'attached' })
  })

  test('is under a megabyte beyond its data', () => {
    const html = readFileSync(report, 'utf8')
    const [, data] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(html)!
    const [whole, beyond] = [html, html.replace(data, '')].map((text) => Buffer.byteLength(text))
    process.stdout.write(`report.html: ${whole} bytes, ${beyond} beyond the data\n`)
    expect(beyond).toBeLessThan(1_000_000)
  })

  test('asked for nothing and complained of nothing', () => {
    expect(opened.complaints).toEqual([])
  })
})
