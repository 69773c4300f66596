import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Mark } from '../../src/audits/record.ts'
import { openBrowser } from './browser.ts'
import { start, type Running } from './process.ts'

/** A `spillway label` that serves its page. */
export interface Labelling {
  process: Running
  /** With its token. */
  address: string
  origin: string
  token: string
  /** Asks as the page does. */
  ask: (body?: unknown, headers?: Record<string, string>) => Promise<Response>
}

export async function labelling(...args: string[]): Promise<Labelling> {
  const process = start(['label', ...args, '--json'])
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    process.child.stdout!.on('data', (piece: string) => {
      text += piece
      if (text.includes('\n')) resolve(text)
    })
    void process.ended.then(({ code, stderr }) => reject(new Error(`it ended with ${code}: ${stderr}`)))
  })
  const { page: address } = JSON.parse(line.split('\n')[0]) as { page: string }
  const { origin, searchParams } = new URL(address)
  const token = searchParams.get('token')!
  return {
    process,
    address,
    origin,
    token,
    ask: (body, headers = {}) =>
      fetch(`${origin}/marking`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

/** The page, with everything that it should not have said or asked for. */
export async function openLabelPage({ address, origin }: Labelling, options: BrowserContextOptions = {}) {
  const context = await (await openBrowser()).newContext({ viewport: { width: 1000, height: 800 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (url !== address && url !== `${origin}/marking` && !url.startsWith('data:')) complaints.push(`request: ${url}`)
  })
  await page.goto(address)
  await page.locator('.answer-text, .end').first().waitFor()
  return { page, complaints, close: () => context.close() }
}

/** The answer in view. */
export const shownAnswer = (page: Page): Promise<string> => page.locator('.answer-text').innerText()

/** Presses a key, and waits until another answer is in view, or the end. */
export async function pressed(page: Page, key: string): Promise<void> {
  const main = page.locator('main')
  const before = await main.innerText()
  await page.keyboard.press(key)
  for (const end = performance.now() + 20_000; (await main.innerText()) === before; await wait(10))
    if (performance.now() > end) throw new Error(`nothing came after ${key}`)
}

export const marksIn = (path: string): Mark[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Mark)
