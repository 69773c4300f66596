import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMarks } from '../../src/audits/marks.ts'
import type { Mark } from '../../src/audits/record.ts'
import { answered, audited } from '../support/audits.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { start } from '../support/process.ts'
import { until } from '../support/workers-server.ts'

const marksIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Mark)
const short = (path: string) => marksIn(path).map(({ id, answer, quality }) => `${id} ${answer} ${quality}`)

async function label(log: string, ...more: string[]) {
  const { code, stdout, stderr } = await spillway(['label', log, ...more])
  return { code, stderr, json: stdout === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>) }
}

describe('spillway label --scorer', () => {
  test('scores both answers against what the request brought along, and marks nothing twice', async () => {
    const log = file(
      'gold.jsonl',
      jsonl(
        answered('a', 'Paris', 'Paris', { gold: 'Paris' }),
        answered('b', 'Rome', 'Oslo', { gold: ['Bern', 'Oslo'] }),
        answered('c', 'Rome', 'Oslo'),
        audited('d', { gold: 'x', small: undefined, large: { model: 'l', answer: 'x', quality: 1, cost: 1 } }),
      ),
    )
    const first = await label(log, '--scorer', 'exact', '--json')
    expect(first.code, first.stderr).toBe(0)
    const path = inFolder('gold.marks.jsonl')
    expect(first.json).toEqual({
      marks: path,
      marked: 4,
      marked_before: 1,
      without_reference: 2,
      mean_quality: { small: 0.5, large: 1 },
    })
    expect(short(path)).toEqual(['a small 1', 'a large 1', 'b small 0', 'b large 1'])
    expect(marksIn(path)[0]).toMatchObject({ scorer: 'exact', time: expect.stringMatching(/^20\d\d-.*Z$/) as string })
    expect(first.stderr).toContain(`4 answers marked by exact (mean quality: small 0.500, large 1.000): ${path}`)
    expect(first.stderr).toContain('2 answers had nothing to be held against')

    const second = await label(log, '--scorer', 'f1', '--json')
    expect(second.json).toMatchObject({ marked: 0, marked_before: 5 })
    expect(short(path)).toHaveLength(4)
    const all = await label(log, '--scorer', 'f1', '--all', '--json', '--quiet')
    expect(all.stderr).toBe('')
    expect(all.json).toMatchObject({ marked: 5, marked_before: 0 })
    expect((await readMarks([path])).get('b', 'small')).toMatchObject({ quality: 0, scorer: 'f1' })
  })

  test('takes right answers from a file by id, before those of the log', async () => {
    const folder = inFolder('logs')
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'audits.jsonl'),
      jsonl(answered('a', 'no', 'yes', { gold: 'no' }), answered('b', '7', '8')),
    )
    const references = file('right.jsonl', jsonl({ id: 'a', gold: 'yes' }, { id: 'b', gold: [7, 9] }))
    const { code, stderr } = await label(folder, '--scorer', 'exact', '--references', references)
    expect(code, stderr).toBe(0)
    expect(short(join(folder, 'marks.jsonl'))).toEqual(['a small 0', 'a large 1', 'b small 1', 'b large 0'])
  })

  test('agreement holds the small answer against the large one, which counts as right', async () => {
    const log = file('agree.jsonl', jsonl(answered('a', 'a b', 'a c'), answered('b', 'b', ' ')))
    const out = inFolder('elsewhere/agree.jsonl')
    const { code, stderr } = await label(log, '--scorer', 'agreement:rouge-l', '--out', out)
    expect(code, stderr).toBe(0)
    expect(short(out)).toEqual(['a small 0.5', 'a large 1'])
    expect(marksIn(out)[0].scorer).toBe('agreement:rouge-l')
    await label(log, '--scorer', 'agreement', '--out', out, '--all')
    expect(marksIn(out).at(-1)).toMatchObject({ id: 'a', answer: 'large', quality: 1, scorer: 'agreement' })
  })

  test("a user's module is told the question and needs no reference, and learns nothing of who wrote the answer", async () => {
    const log = file('own.jsonl', jsonl(answered('a', 'short', 'longer'), answered('b', 'x', 'xx', { gold: 'g' })))
    const scorer = file(
      'my-scorer.mjs',
      `import { appendFileSync } from 'node:fs'
export default (answer, references, question) => {
  appendFileSync(${JSON.stringify(inFolder('own.seen'))}, JSON.stringify({ answer, references, question }) + '\\n')
  return answer.length > 1
}`,
    )
    const { code, stderr } = await label(log, '--scorer', scorer)
    expect(code, stderr).toBe(0)
    expect(short(inFolder('own.marks.jsonl'))).toEqual(['a small 1', 'a large 1', 'b small 0', 'b large 1'])
    const seen = readFileSync(inFolder('own.seen'), 'utf8')
    expect(JSON.parse(seen.split('\n')[0])).toMatchObject({
      answer: 'short',
      references: [],
      question: { id: 'a', question: 'What is a?' },
    })
    expect(seen).not.toMatch(/small|large|tiny-lm|huge-lm|kept/)
  })

  test('Ctrl-C leaves what is marked, and the same command goes on from there', async () => {
    const log = file('slow.jsonl', jsonl(...Array.from({ length: 40 }, (_, i) => audited(`r${i}`))))
    const scorer = file('slow.mjs', 'export default async () => (await new Promise((r) => setTimeout(r, 50)), 1)')
    const path = inFolder('slow.marks.jsonl')
    const running = start(['label', log, '--scorer', scorer])
    await until(() => existsWith(path, 5), 'some answers are marked')
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(code).toBe(130)
    expect(stderr).toContain('interrupted; the same command goes on from here')
    const before = short(path)
    expect(before.length).toBeLessThan(80)
    const killed = start(['label', log, '--scorer', scorer])
    await until(() => existsWith(path, before.length + 3), 'more answers are marked')
    killed.child.kill('SIGKILL')
    await killed.ended
    const { code: end } = await label(log, '--scorer', scorer)
    expect(end).toBe(0)
    expect(new Set(short(path)).size).toBe(80)
    expect(short(path)).toHaveLength(80)
  })

  test('--limit marks a random sample that the seed decides, and most of it stays where the log grows', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => audited(`r${i}`, { gold: 'x' }))
    const sample = async (count: number, seed: string) => {
      const log = file(`sample-${count}.jsonl`, jsonl(...rows.slice(0, count)))
      const out = inFolder(`sample-${count}-${seed}`)
      const { code, stderr } = await label(log, '--scorer', 'f1', '--limit', '20', '--seed', seed, '--out', out)
      expect(code, stderr).toBe(0)
      expect(stderr).toContain(`a sample of 20 of ${count} requests, seed ${seed}`)
      return new Set(marksIn(out).map(({ id }) => id))
    }
    const [one, grown, other] = [await sample(290, '1'), await sample(300, '1'), await sample(290, '2')]
    expect(one.size).toBe(20)
    expect([...grown].filter((id) => one.has(id)).length).toBeGreaterThanOrEqual(15)
    expect([...other].filter((id) => one.has(id)).length).toBeLessThan(8)
  })

  test('a log without texts, or without what is right, is told with what to do', async () => {
    const bare = audited('a', {
      small: { model: 's', cost: 1, signals: {} },
      large: { model: 'l', cost: 1 },
      question: undefined,
    })
    const said = async (log: string, ...more: string[]) => {
      const { code, stderr } = await label(log, ...more)
      expect(code).toBe(2)
      return stderr
    }
    const textless = file('textless.jsonl', jsonl(bare))
    const hint = 'none of the 1 audited requests has a text: set serve.log.texts: true in spillway.yaml'
    expect(await said(textless, '--scorer', 'f1')).toContain(hint)
    expect(await said(textless)).toContain(hint)
    expect(await said(file('empty.jsonl', ''))).toContain('no audited requests yet')
    const log = file('right-less.jsonl', jsonl(audited('a')))
    expect(await said(log, '--scorer', 'f1')).toContain('none of 2 answers comes with what is right: name a file')
    const wrong = file('wrong.jsonl', jsonl({ id: 'z', gold: 'x' }))
    expect(await said(log, '--scorer', 'f1', '--references', wrong)).toContain('has none of the requests')
    expect(await said(log, '--scorer', 'f1', '--references', file('odd.jsonl', '{"id":"a"}\n'))).toContain(
      'odd.jsonl:1: expected',
    )
    expect(await said(log, '--scorer', 'f2')).toContain('no scorer called "f2"')
    expect(await said(log, '--references', wrong)).toContain('--references goes with --scorer')
    expect(await said(log, '--scorer', 'f1', '--out', log)).toContain('it would be written over')
    expect(await said('-', '--scorer', 'f1')).toContain('name its file')
  })
})

const existsWith = (path: string, lines: number): boolean => {
  try {
    return readFileSync(path, 'utf8').split('\n').length > lines
  } catch {
    return false
  }
}
