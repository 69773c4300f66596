import { afterAll, describe, expect, test } from 'vitest'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { Sums } from '../../src/report/live/sums.ts'
import { FAINT_TEXTS, TOO_WIDE } from '../support/appearance.ts'
import { hasBrowser } from '../support/browser.ts'
import { chat } from '../support/client.ts'
import { tunedPolicy } from '../support/live.ts'
import { countsOf, glanceOf, openLivePage } from '../support/live-page.ts'
import { configOf, serveFolder, soon, startServe, type Serving } from '../support/serve.ts'
import { upstream, type Said } from '../support/upstream.ts'

const key = 'sk-spillway-dashboard'
const keys = [{ name: 'team', sha256: hashOfKey(key) }]
const headers = { authorization: `Bearer ${key}` }
const httpCredentials = { username: 'anyone', password: key }

/** Mean log-probabilities that a policy was tuned on: -0.02, …, -1.98. */
const tuned = Array.from({ length: 1000 }, (_, i) => -((i % 50) + 0.5) / 25)
const policy = tunedPolicy(tuned)
/** One token an answer, as sure as the tuning was, or less; one request in forty fails. */
const answers =
  (shift: () => number) =>
  (_: unknown, before: number): Said =>
    before % 40 === 39
      ? { status: 500, body: '{"error":{"message":"it broke"}}' }
      : { words: [['ok', tuned[(before * 7) % 50] - shift()]] }

let opened: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of opened) await close()
  opened = []
})

async function serving(more: object = {}, decided: Policy = policy) {
  const scene = { shift: 0 }
  const small = await upstream(answers(() => scene.shift))
  const large = await upstream((_, before) =>
    before % 60 === 59 ? { status: 500, body: '{}' } : { words: [['yes', -0.1]] },
  )
  const whole = configOf({
    small: small.url,
    large: large.url,
    smallEntry: { retries: 0 },
    largeEntry: { retries: 0 },
    serve: { log: false, ...more },
  })
  return { scene, ...(await startServe({}, serveFolder({ policy: decided }, whole))) }
}

/** Asks so many times, eight at once, streamed or not. */
async function askMany({ ask }: Serving, count: number, more: Record<string, string> = {}): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await ask(chat({ stream: next++ % 2 === 0 }), { headers: more })
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

const statsOf = async ({ get }: Serving, more: Record<string, string> = {}) =>
  (JSON.parse((await get('/stats', more)).text) as { cascades: { cascade: Sums & { kept_share: number } } }).cascades
    .cascade

const promising = {
  ...policy,
  provenance: { ...policy.provenance, target: { max_quality_loss: 0.05 }, confidence: 0.9 },
}

describe.skipIf(!hasBrowser)('the live page in a browser', { timeout: 120_000 }, () => {
  test('tells how a promise stands, as /metrics does, and nothing where nothing is audited', async () => {
    const audited = await serving({ audit: { probability: 1, scorer: 'exact' } }, promising)
    await askMany(audited, 200, { 'x-spillway-gold': 'yes' })
    const { page, complaints, close } = await openLivePage(audited.origin)
    opened.push(close)
    const row = page.locator('#promises tbody tr')
    await expect.poll(() => row.textContent(), soon).toContain('broken')
    await expect
      .poll(() => page.locator('p.hidden[role=status]').textContent(), soon)
      .toContain('The promise of cascade is broken.')
    const metrics = (await audited.get('/metrics')).text
    const gauge = (name: string) =>
      Number(new RegExp(`^spillway_${name}\\{cascade="cascade"\\} (.*)$`, 'm').exec(metrics)?.[1])
    const points = (share: number) => (100 * share).toFixed(1)
    expect(gauge('audits')).toBeGreaterThan(100)
    await expect
      .poll(() => row.textContent(), soon)
      .toMatch(new RegExp(`${points(gauge('audit_quality_loss'))}( \\[.*\\])? points`))
    expect(await row.textContent()).toContain(`quality loss ≤ ${points(gauge('promise_bound'))} points`)
    expect(await row.textContent()).toContain(`${points(gauge('audit_saved_share'))} %`)
    expect(complaints).toEqual([])
    const other = await openLivePage((await serving()).origin)
    opened.push(other.close)
    expect(await other.page.locator('#promises').isVisible()).toBe(false)
  })

  test('shows what the gateway does while it does it, and says when it is gone', async () => {
    const gateway = await serving({ keys })
    const { page, complaints, close } = await openLivePage(gateway.origin, { httpCredentials })
    opened.push(close)
    const status = page.locator('.connection')
    const drift = page.locator('.drift')
    const requests = async () => (await glanceOf(page)).Requests
    expect(await status.textContent()).toBe('live')
    expect(await page.getByText('No request yet.').isVisible()).toBe(true)
    expect(await drift.textContent()).toMatch(/^not known yet: /)

    await askMany(gateway, 320, headers)
    await expect.poll(requests, { timeout: 10_000 }).toBe('320')
    const stats = await statsOf(gateway, headers)
    const glance = await glanceOf(page)
    expect(stats.outcomes['small-failed']).toBe(8)
    expect(glance.Kept).toBe(`${(100 * stats.kept_share).toFixed(1)} %`)
    expect(glance.Cost).toBe(`${Number(stats.cost.toPrecision(4))} USD`)
    expect(glance.Saved).toBe(`${((100 * stats.saved) / (stats.cost + stats.saved)).toFixed(1)} %`)
    expect(glance.Failed).toBe(String(stats.outcomes.failed ?? 0))
    expect(await countsOf(page, 'Reason')).toEqual(stats.reasons)
    expect(await countsOf(page, 'Outcome')).toEqual(stats.outcomes)
    expect(await drift.textContent()).toMatch(/^none seen, PSI 0\.\d\d$/)
    expect(await page.locator('#last tbody').count()).toBe(50)
    for (const name of ['kept-share', 'outcomes', 'cost', 'signal-drift', 'latency'])
      expect([name, await page.locator(`svg.chart-${name}`).count()]).toEqual([name, 1])

    gateway.scene.shift = 0.8
    await askMany(gateway, 200, headers)
    await expect.poll(() => drift.textContent(), { timeout: 10_000 }).toMatch(/^established, PSI \d\.\d\d$/)
    expect(await page.getByRole('status').filter({ hasText: 'has drifted' }).count()).toBe(1)
    const metrics = (await gateway.get('/metrics', headers)).text
    expect(metrics).toMatch(/spillway_drift\{cascade="cascade",stage="small",signal="mean_logprob",window="hour"\} 1/)
    expect(metrics).toMatch(/spillway_drift_psi\{[^}]*window="day"\} 0?\.?\d/)

    // By keyboard: the other window, and a table.
    await page.getByRole('radio', { name: 'last hour' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('radio', { name: 'last day' }).isChecked()).toBe(true)
    await expect.poll(requests).toBe('520')
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    const rows = page.getByRole('region', { name: 'Table: Kept' }).getByRole('row')
    await expect.poll(() => rows.count()).toBeGreaterThan(1)

    expect(complaints).toEqual([])
    await gateway.stop()
    await expect.poll(() => status.textContent()).toBe('reconnecting')
  })

  test('fits a phone and the dark, has contrast, and keeps texts texts', async () => {
    const gateway = await serving({ log: { folder: 'decisions', texts: true } })
    const marks = '<img src=x onerror="document.title=1">'
    for (let i = 0; i < 30; i++)
      await gateway.ask(chat({ messages: [{ role: 'user', content: `${marks} ${'long'.repeat(80)}` }] }))
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
    for (const [colorScheme, options] of [
      ['light', {}],
      ['dark', {}],
      ['light', phone],
      ['dark', phone],
    ] as const) {
      const { page, complaints, close } = await openLivePage(gateway.origin, { ...options, colorScheme })
      opened.push(close)
      for (const details of await page.locator('details').all()) await details.evaluate('(each) => (each.open = true)')
      for (const part of await page.locator('section:visible, figure:visible').all())
        await part.scrollIntoViewIfNeeded()
      await page.waitForTimeout(200)
      expect(await page.evaluate(TOO_WIDE)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([])
      expect([await page.title(), await page.locator('img').count()]).toEqual(['Spillway gateway', 0])
      expect(await page.locator('.texts').first().textContent()).toContain(marks)
      expect(complaints).toEqual([])
    }
  })
})

describe('the live page', { timeout: 60_000 }, () => {
  test('is one file that loads nothing, behind the keys', async () => {
    const gateway = await serving({ keys })
    expect((await gateway.get('/dashboard')).status).toBe(401)
    const { status, text, headers: told } = await gateway.get('/dashboard', headers)
    expect(status).toBe(200)
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)[a-z0-9.-]+\.[a-z]+\/[^\s"'`]*\.(?:js|css|woff2)/)
    expect(told.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; connect-src 'self';/,
    )
    expect(text.length).toBeLessThan(500_000)
  })

  test('can be turned off', async () => {
    const gateway = await serving({ dashboard: false })
    for (const path of ['/dashboard', '/dashboard/events']) expect((await gateway.get(path)).status).toBe(404)
    expect((await gateway.get('/stats')).status).toBe(200)
  })
})
