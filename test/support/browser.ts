import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { afterAll } from 'vitest'

const places = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const isRoot = process.getuid?.() === 0
const found = (): string | undefined => places.find((path) => path !== '' && existsSync(path))

/** Where a Chromium is: found, or where that is allowed and possible, installed. */
function findOrInstall(): string | undefined {
  const path = found()
  if (path !== undefined || !isRoot || !existsSync('/usr/bin/apt-get')) return path
  try {
    // Test files run side by side: who comes second waits for the lock, and finds it installed.
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']])
      execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], { stdio: 'ignore', timeout: 600_000 })
  } catch {
    return found()
  }
  return found()
}

const path = findOrInstall()

/** True where pages can be looked at; tests that do are skipped elsewhere. */
export const hasBrowser = path !== undefined
if (!hasBrowser)
  process.stderr.write(
    'no Chromium: tests of the pages are skipped (apt-get install chromium, or CHROMIUM=/path/to/it)\n',
  )

let browser: Promise<Browser> | undefined

/** The one browser of a test file; it goes when its tests have run. */
export const openBrowser = (): Promise<Browser> =>
  (browser ??= chromium.launch({ executablePath: path, args: isRoot ? ['--no-sandbox'] : [] }))

afterAll(async () => (await browser)?.close())
