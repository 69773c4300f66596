import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'

/** A page that was opened, with everything that it should not have said or asked for. */
export interface OpenedPage {
  page: Page
  /** Errors, warnings, and requests beyond the file itself. */
  complaints: string[]
  close: () => Promise<void>
}

/** Opens a page from disk; `complaints` hears of whatever goes wrong in it. */
export async function openPage(file: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await (await openBrowser()).newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const { href } = pathToFileURL(file)
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (request.url() !== href && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(href)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, complaints, close: () => context.close() }
}

/** The figures that the page shows of the chosen point, by name, as texts. */
export async function shownReadings(page: Page): Promise<Record<string, string>> {
  await settled(page)
  const rows = page.locator('[data-reading]')
  const read = await rows.evaluateAll((list) =>
    list.map((row) => [row.getAttribute('data-reading'), row.querySelector('.value')?.textContent ?? '']),
  )
  return Object.fromEntries(read) as Record<string, string>
}

/** Lets the page draw what was asked of it. */
export const settled = async (page: Page): Promise<void> =>
  void (await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))'))
