import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'

/** The page of a gateway, with everything that it should not have said or asked for. */
export interface OpenedLivePage {
  page: Page
  /** Errors, warnings, and requests to elsewhere than the page and its events. */
  complaints: string[]
  close: () => Promise<void>
}

/** Opens the live page of a gateway. */
export async function openLivePage(origin: string, options: BrowserContextOptions = {}): Promise<OpenedLivePage> {
  const context = await (await openBrowser()).newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const own = ['/dashboard', '/dashboard/events'].map((path) => `${origin}${path}`)
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!own.includes(request.url()) && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(`${origin}/dashboard`)
  await page.locator('.glance .figure').first().waitFor()
  return { page, complaints, close: () => context.close() }
}

/** What stands in the line of numbers, by what it is called. */
export async function glanceOf(page: Page): Promise<Record<string, string>> {
  const read = await page
    .locator('.glance > div')
    .evaluateAll((list) => list.map((each) => [each.children[0].textContent, each.children[1].textContent]))
  return Object.fromEntries(read) as Record<string, string>
}

/** The counts of a table of reasons or outcomes, by what the gateway calls them. */
export async function countsOf(page: Page, head: string): Promise<Record<string, number>> {
  const rows = page.locator('.reasons table', { hasText: head }).locator('tr.bar')
  const read = await rows.evaluateAll((list) =>
    list.map((row) => [row.getAttribute('title'), Number(row.children[1].textContent?.replaceAll(',', ''))]),
  )
  return Object.fromEntries(read) as Record<string, number>
}
