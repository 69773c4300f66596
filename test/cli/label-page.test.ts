import { appendFileSync } from 'node:fs'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { readMarks } from '../../src/audits/marks.ts'
import type { MarkingState } from '../../src/report/label/state.ts'
import { FAINT_TEXTS, TOO_WIDE } from '../support/appearance.ts'
import { answered, audited } from '../support/audits.ts'
import { hasBrowser } from '../support/browser.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { labelling, marksIn, openLabelPage, pressed, shownAnswer, type Labelling } from '../support/label-page.ts'

const running: Labelling[] = []
afterAll(() => running.forEach(({ process }) => process.child.kill('SIGKILL')))

async function served(...args: string[]): Promise<Labelling> {
  const one = await labelling(...args)
  running.push(one)
  return one
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => audited(`r${i}`))
const stateOf = async (response: Response) => (await response.json()) as MarkingState

describe.skipIf(!hasBrowser)('the page that marks answers', { timeout: 60_000 }, () => {
  test('takes keys, saves before it shows the next answer, and goes back', async () => {
    const log = file('keys.jsonl', jsonl(...rows(4)))
    const marks = inFolder('keys.marks.jsonl')
    const { page, complaints, close } = await openLabelPage(await served(log))
    const seen: { answer: string; quality: number }[] = []
    for (const [key, quality] of [
      ['ArrowRight', 1],
      ['ArrowLeft', 0],
      ['1', 1],
      ['0', 0],
      ['5', 0.5],
    ] as const) {
      seen.push({ answer: await shownAnswer(page), quality })
      await pressed(page, key)
      expect(marksIn(marks)).toHaveLength(seen.length)
    }
    const skipped = await shownAnswer(page)
    await pressed(page, 's')
    expect(await page.locator('.far').innerText()).toBe('5 marked, 3 left (1 skipped)')
    expect(await page.evaluate(`(({ value, max }) => [value, max])(document.querySelector('progress'))`)).toEqual([
      5, 8,
    ])

    // Back to the skipped one, and to the one before, which is marked otherwise now.
    await pressed(page, 'u')
    expect(await shownAnswer(page)).toBe(skipped)
    await pressed(page, 'u')
    expect(await shownAnswer(page)).toBe(seen[4].answer)
    expect(await page.locator('.before').innerText()).toContain('You marked this half')
    await pressed(page, '0')
    seen[4].quality = 0

    const last = await readMarks([marks])
    for (const { answer, quality } of seen) {
      const [, id, who] = /^it is (\w+), says (\w+)$/.exec(answer)!
      expect(last.get(id, who === 'one' ? 'small' : 'large')).toMatchObject({ quality, scorer: 'hand' })
    }
    expect(last.size).toBe(5)
    expect(complaints).toEqual([])
    await close()
  })

  test('goes on where it was, for another page, another browser and another process', async () => {
    const log = file('again.jsonl', jsonl(...rows(3)))
    const first = await served(log)
    const one = await openLabelPage(first)
    await pressed(one.page, '1')
    await pressed(one.page, '0')
    const at = await shownAnswer(one.page)
    await one.page.reload()
    await one.page.locator('.answer-text').waitFor()
    expect(await shownAnswer(one.page)).toBe(at)
    await one.close()
    // Nothing that was shown as saved is lost, however it ends.
    first.process.child.kill('SIGKILL')
    await first.process.ended
    appendFileSync(inFolder('again.marks.jsonl'), '{"id":"r1","answ')
    const second = await openLabelPage(await served(log))
    expect(await shownAnswer(second.page)).toBe(at)
    expect(await second.page.locator('.far').innerText()).toBe('2 marked, 4 left')
    await second.close()
  })

  test('--all offers what a program has marked, and leaves what a hand has', async () => {
    const log = file(
      'all.jsonl',
      jsonl(audited('a'), audited('b', { scorer: 'f1', large: { ...audited('b').large!, quality: 1 } })),
    )
    const time = '2026-03-02T10:00:00.000Z'
    file(
      'all.marks.jsonl',
      jsonl(
        { id: 'a', answer: 'small', quality: 1, scorer: 'hand', time },
        { id: 'a', answer: 'large', quality: 1, scorer: 'f1', time },
      ),
    )
    const left = async (...more: string[]) => {
      const serving = await served(log, ...more)
      const { marked, left: open } = await stateOf(await serving.ask())
      serving.process.child.kill('SIGKILL')
      return [marked, open]
    }
    expect(await left()).toEqual([3, 1])
    expect(await left('--all')).toEqual([1, 3])
  })

  test('says that a mark is not saved, and stays where it is', async () => {
    const log = file('stuck.jsonl', jsonl(...rows(2)))
    const marks = inFolder('stuck.marks.jsonl')
    const serving = await served(log)
    const { page, close } = await openLabelPage(serving)
    const answer = await shownAnswer(page)
    appendFileSync(marks, '\n')
    await page.keyboard.press('1')
    await page.locator('.trouble', { hasText: 'Not saved: ' }).waitFor()
    expect(await page.locator('.trouble').innerText()).toContain('another process writes to it')
    expect(await shownAnswer(page)).toBe(answer)
    serving.process.child.kill('SIGKILL')
    await serving.process.ended
    await page.keyboard.press('1')
    await page.locator('.trouble', { hasText: 'spillway label does not answer' }).waitFor()
    expect(await shownAnswer(page)).toBe(answer)
    await close()
  })

  test('shows texts as they are, works by touch at the width of a phone, and says when all is marked', async () => {
    const nasty = '<img src=x onerror="document.title=\'taken\'">\n' + 'long'.repeat(200)
    const log = file(
      'touch.jsonl',
      jsonl(answered('a', nasty, ` ${nasty}\n`, { question: '<b>bold</b>?', gold: ['x', 'y'] })),
    )
    for (const colorScheme of ['light', 'dark'] as const) {
      const serving = await served(log, '--out', inFolder(`touch-${colorScheme}`))
      const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, colorScheme }
      const { page, complaints, close } = await openLabelPage(serving, phone)
      expect(await page.locator('main section').allInnerTexts()).toEqual([
        'Question\n\n<b>bold</b>?',
        'Right answers\n\nx\ny',
        `Answer\n\n${nasty}`,
      ])
      expect(await page.title()).toBe('Mark answers')
      expect(await page.evaluate(TOO_WIDE)).toEqual([])
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([])
      await page.getByRole('button', { name: 'Skip' }).tap()
      await page.getByRole('button', { name: 'Show the skipped ones again' }).tap()
      await page.getByRole('button', { name: 'Half' }).tap()
      await page.getByText('Every answer is marked. You can close this page').waitFor()
      expect(await page.getByRole('button', { name: 'Right' }).isDisabled()).toBe(true)
      // Both models wrote the same: it is marked once for both.
      const marks = await readMarks([inFolder(`touch-${colorScheme}`)])
      expect([marks.get('a', 'small')?.quality, marks.get('a', 'large')?.quality]).toEqual([0.5, 0.5])
      expect(complaints).toEqual([])
      await close()
      serving.process.child.kill('SIGINT')
      const { code, stderr, stdout } = await serving.process.ended
      expect([code, stdout.split('\n')[1]]).toEqual([0, '{"marked":1,"left":0}'])
      expect(stderr).toContain('everything is marked')
    }
  })
})

describe('what serves it', () => {
  test('tells neither which model wrote an answer nor what was decided', async () => {
    const log = file('blind.jsonl', jsonl(...rows(30)))
    const serving = await served(log)
    const html = await (await fetch(serving.address)).text()
    const parts = [html.replace(/<style>[^]*<\/style>/, '')]
    const order: string[] = []
    let state = await stateOf(await serving.ask())
    while (state.item !== null) {
      order.push(/^it is (\w+), says (\w+)$/.exec(state.item.answer)!.slice(1).join(' '))
      const response = await serving.ask({ step: 'mark', key: state.item.key, quality: order.length % 2 })
      const text = await response.text()
      parts.push(text, JSON.stringify([...response.headers]))
      state = JSON.parse(text) as MarkingState
    }
    const all = parts.join('\n')
    for (const word of ['tiny-lm', 'huge-lm', 'small', 'large', 'kept', 'escalated', 'mean_logprob', '"id"'])
      expect(all, word).not.toContain(word)
    expect(marksIn(inFolder('blind.marks.jsonl'))).toHaveLength(60)

    // The page is the same for every log, and the order depends on the seed alone.
    const other = await served(log, '--out', inFolder('blind.other'))
    expect(await (await fetch(other.address)).text()).toBe(html)
    expect((await stateOf(await other.ask())).item?.answer).toContain(order[0].split(' ')[0])
    const seeded = await served(log, '--out', inFolder('blind.seeded'), '--seed', '2')
    expect((await stateOf(await seeded.ask())).item?.answer).not.toContain(`${order[0].split(' ')[0]},`)

    // Neither model comes first, and the two answers of a question do not follow each other.
    const firsts = new Map<string, string>()
    for (const each of order) if (!firsts.has(each.split(' ')[0])) firsts.set(...(each.split(' ') as [string, string]))
    const ones = [...firsts.values()].filter((who) => who === 'one').length
    expect(ones).toBeGreaterThan(5)
    expect(ones).toBeLessThan(25)
    const beside = order.filter((each, i) => each.split(' ')[0] === order[i + 1]?.split(' ')[0]).length
    expect(beside).toBeLessThan(8)
  })

  test('is for whoever has the token, from this machine and this page alone', async () => {
    const serving = await served(file('door.jsonl', jsonl(...rows(2))))
    const { origin, ask, token } = serving
    expect((await fetch(origin)).status).toBe(403)
    expect((await fetch(`${origin}/?token=wrong`)).status).toBe(403)
    expect((await ask(undefined, { authorization: 'Bearer wrong' })).status).toBe(403)
    expect((await ask(undefined, { origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await ask(undefined, { origin })).status).toBe(200)
    const plainly = (options: RequestOptions) =>
      new Promise<number>((resolve, reject) =>
        httpRequest(origin, options, (response) => {
          response.resume()
          resolve(response.statusCode!)
        })
          .on('error', reject)
          .end(),
      )
    expect(await plainly({ path: `/?token=${token}`, headers: { host: 'rebound.example' } })).toBe(403)
    expect(await plainly({ path: '//[' })).toBe(404)
    const page = await fetch(serving.address)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/)
    expect(page.headers.get('access-control-allow-origin')).toBeNull()
    expect((await fetch(`${origin}/marks.jsonl`)).status).toBe(404)
  })

  test('takes steps of the answer in view, once, and nothing else', async () => {
    const marks = inFolder('steps.marks.jsonl')
    const { ask } = await served(file('steps.jsonl', jsonl(...rows(2))))
    const { item } = await stateOf(await ask())
    const key = item!.key
    for (const body of [
      '{',
      'null',
      '[]',
      {},
      { step: 'mark', key },
      { step: 'mark', key, quality: 2 },
      { step: 'go', key },
    ])
      expect((await ask(body)).status, JSON.stringify(body)).toBe(400)
    expect((await ask('x'.repeat(5000))).status).toBe(413)
    expect((await ask({ step: 'mark', key: 'other', quality: 1 })).status).toBe(409)
    const twice = await Promise.all([1, 2].map(() => ask({ step: 'mark', key, quality: 1 })))
    expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(marksIn(marks)).toHaveLength(1)
  })
})
