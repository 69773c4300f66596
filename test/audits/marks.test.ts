import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openMarks } from '../../src/audits/marks-file.ts'
import { marksPathOf } from '../../src/audits/marks-path.ts'
import { readMarks, withMarks } from '../../src/audits/marks.ts'
import type { Mark } from '../../src/audits/record.ts'
import { audited } from '../support/audits.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

const mark = (id: string, answer: Mark['answer'], quality: number, scorer = 'hand'): Mark => ({
  id,
  answer,
  quality,
  scorer,
  time: '2026-03-02T10:00:00.000Z',
})

let files = 0
const newPath = () => inFolder(`${files++}.marks.jsonl`)

describe('marks', () => {
  test('of several for one answer the last one counts, in whatever order and batches they came, however often opened', async () => {
    const one = fc.record({
      id: fc.constantFrom('a', 'b', '__proto__'),
      answer: fc.constantFrom('small' as const, 'large' as const),
      quality: fc.constantFrom(0, 0.25, 0.5, 1),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(one, { maxLength: 4 }), { maxLength: 6 }), async (batches) => {
        const path = newPath()
        const expected = new Map<string, number>()
        for (const batch of batches) {
          const open = await openMarks(path)
          await open.append(batch.map(({ id, answer, quality }) => mark(id, answer, quality)))
          for (const { id, answer, quality } of batch) expected.set(`${id} ${answer}`, quality)
          await open.close()
        }
        const marks = await readMarks([path])
        expect(marks.size).toBe(expected.size)
        for (const [key, quality] of expected) {
          const [id, answer] = key.split(' ') as [string, Mark['answer']]
          expect(marks.get(id, answer)?.quality).toBe(quality)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('appends of many at once are all written, one after another', async () => {
    const path = newPath()
    const open = await openMarks(path)
    await Promise.all(Array.from({ length: 50 }, (_, i) => open.append([mark(`r${i}`, 'small', i / 50)])))
    await open.close()
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(51)
    expect((await readMarks([path])).size).toBe(50)
  })

  test('a file whose last line was cut off anywhere is mended on opening, and no line before it is lost', async () => {
    const first = jsonl(mark('a', 'small', 1))
    const torn = jsonl(mark('é', 'large', 0.5))
    for (let length = 1; length < Buffer.byteLength(torn); length += 1) {
      const path = newPath()
      writeFileSync(path, Buffer.concat([Buffer.from(first), Buffer.from(torn).subarray(0, length)]))
      const open = await openMarks(path)
      await open.append([mark('b', 'small', 0)])
      await open.close()
      const marks = await readMarks([path])
      // A line that lacks nothing but its end is whole.
      expect(marks.size).toBe(length === Buffer.byteLength(torn) - 1 ? 3 : 2)
      expect([marks.get('a', 'small')?.quality, marks.get('b', 'small')?.quality]).toEqual([1, 0])
    }
  })

  test('a file of something else is left as it is', async () => {
    for (const content of ['{"id":"a"}\n', 'hello', `${jsonl(mark('a', 'small', 1))}<html>`, jsonl(audited('a'))]) {
      const path = file('foreign.jsonl', content)
      await expect(openMarks(path)).rejects.toThrow(path)
      expect(readFileSync(path, 'utf8')).toBe(content)
    }
    await expect(openMarks(inFolder('.'))).rejects.toThrow('cannot be written (EISDIR)')
  })

  test('where another process writes, nothing is added, and that is told', async () => {
    const path = newPath()
    const open = await openMarks(path)
    await open.append([mark('a', 'small', 1)])
    appendFileSync(path, jsonl(mark('x', 'small', 1)))
    await expect(open.append([mark('b', 'small', 1)])).rejects.toThrow(`${path}: another process writes to it`)
    expect(open.get('b', 'small')).toBeUndefined()
    await open.close()
  })

  test('go into records: they take the place of qualities, and say who gave them', async () => {
    const path = file(
      'some.marks.jsonl',
      jsonl(mark('a', 'small', 0.5), mark('a', 'large', 1, 'f1'), mark('b', 'large', 0)),
    )
    const marks = await readMarks([path])
    const both = withMarks(audited('a'), marks)
    expect([both.small?.quality, both.large?.quality, both.scorer]).toEqual([0.5, 1, 'hand, f1'])
    const scored = audited('b', { scorer: 'exact', small: { ...audited('b').small!, quality: 1 } })
    const one = withMarks(scored, marks)
    expect([one.small?.quality, one.large?.quality, one.scorer]).toEqual([1, 0, 'exact, hand'])
    const none = audited('c')
    expect(withMarks(none, marks)).toBe(none)
    // What failed has no answer that a mark could speak of.
    const failed = audited('b', { large: undefined })
    expect(withMarks(failed, marks)).toEqual(failed)
  })

  test('stand beside the log', async () => {
    expect(await marksPathOf(['logs/audits.jsonl'])).toBe('logs/audits.marks.jsonl')
    expect(await marksPathOf(['logs/audits-1.jsonl.gz'])).toBe('logs/audits-1.marks.jsonl')
    expect(await marksPathOf([inFolder('')])).toBe(inFolder('marks.jsonl'))
    expect(await marksPathOf(['logs/a.jsonl', './logs/b.jsonl'])).toBe('logs/marks.jsonl')
    await expect(marksPathOf(['here/a.jsonl', 'there/a.jsonl'])).rejects.toThrow('--out FILE')
  })
})
