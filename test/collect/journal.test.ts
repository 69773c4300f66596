import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { CallFailure, CallResult } from '../../src/collect/call.ts'
import { openJournal } from '../../src/collect/journal.ts'
import { file, inFolder } from '../support/files.ts'

const result = (key: string, more: Partial<CallResult> = {}): CallResult => ({
  key,
  question: 'q1',
  role: 'small',
  purpose: 'answer',
  model: 'tiny',
  answer: 'yes',
  finish: 'stop',
  latency_ms: 1.5,
  ...more,
})
const failure = (key: string, error: string): CallFailure => ({
  key,
  question: 1,
  role: 'small',
  purpose: 'answer',
  error,
})
const refusal = (path: string) =>
  openJournal(path).then(
    () => 'no refusal',
    (error: Error) => error.message,
  )

/** A journal as an earlier run left it. */
async function left(name: string, ...records: (CallResult | CallFailure)[]): Promise<string> {
  const path = inFolder(name)
  const journal = await openJournal(path)
  for (const record of records) journal.append(record)
  journal.close()
  return path
}

test('what was kept is known again, in the same run and the next', async () => {
  const calls = [
    result('a', { signals: { mean_logprob: -0.25 }, top_k: 5, input_tokens: 3 }),
    result('b', { answer: 'Zürich 🌸 \u2028 \n "quoted" \\ \0 \uD800', tokens: [{ text: '🌸', logprob: -1 }] }),
  ]
  const path = inFolder('kept.calls.jsonl')
  const journal = await openJournal(path)
  for (const call of calls) journal.append(call)
  for (const call of calls) expect(journal.read(call.key)).toEqual(call)
  expect(journal.size).toBe(2)
  journal.close()
  const next = await openJournal(path)
  for (const call of calls.toReversed()) expect(next.read(call.key)).toEqual(call)
  expect(next.has('c')).toBe(false)
  expect(() => next.read('c')).toThrow('the journal has no call c')
  next.append(result('c'))
  expect(next.read('c')).toEqual(result('c'))
  expect(next.read('a')).toEqual(calls[0])
  next.close()
})

test('a failure is forgotten once the call has succeeded, and not before', async () => {
  const path = await left(
    'failure.calls.jsonl',
    failure('a', 'HTTP 503'),
    failure('b', 'HTTP 400'),
    result('a'),
    failure('b', 'HTTP 413'),
  )
  const journal = await openJournal(path)
  expect(journal.failure('a')).toBeUndefined()
  expect(journal.read('a').answer).toBe('yes')
  expect(journal.failure('b')).toBe('HTTP 413')
  expect(journal.has('b')).toBe(false)
  journal.close()
})

test('wherever the last line is torn, all others are known, and the next run goes on after them', async () => {
  const whole = await left(
    'torn.calls.jsonl',
    result('a'),
    result('b', { answer: 'ä🌸' }),
    result('c', { answer: 'Zürich 🌸' }),
  )
  const bytes = readFileSync(whole)
  const last = bytes.lastIndexOf('\n', bytes.length - 2) + 1
  const path = inFolder('cut.calls.jsonl')
  for (let length = last; length < bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length))
    const journal = await openJournal(path)
    expect([journal.has('a'), journal.has('b'), journal.has('c')]).toEqual([true, true, false])
    journal.append(result('d'))
    journal.close()
    const next = await openJournal(path)
    expect([next.read('a').answer, next.read('b').answer, next.read('d').answer, next.size]).toEqual([
      'yes',
      'ä🌸',
      'yes',
      3,
    ])
    next.close()
  }
})

test('a line of several megabytes is one line, wherever the reading happens to be cut', async () => {
  const tokens = Array.from({ length: 60_000 }, (_, i) => ({ text: `🌸${i}`, logprob: -1 - i, entropy: 0.5 }))
  const path = await left('long.calls.jsonl', result('a'), result('long', { tokens }), result('b'))
  expect(statSync(path).size).toBeGreaterThan(2_000_000)
  const journal = await openJournal(path)
  expect(journal.read('long').tokens).toEqual(tokens)
  expect(journal.read('b')).toEqual(result('b'))
  journal.close()
})

test.each([
  ['an outcome', '{"id":"q1","small":{"answer":"yes"}}\n', 1],
  ['a call without an answer', '{"key":"a"}\n', 1],
  ['a number', `${JSON.stringify(result('a'))}\n7\n`, 2],
  ['null', 'null\n', 1],
  ['no JSON', 'hello\n', 1],
  ['a blank line', `${JSON.stringify(result('a'))}\n\n`, 2],
  ['something else that was torn', '[{"question":"Who?"}', 1],
  ['a torn line of another kind', `${JSON.stringify(result('a'))}\n{"question":"W`, 2],
])('a file that holds %s is refused with its line, and left as it is', async (_, content, line) => {
  const path = file('other.calls.jsonl', content)
  expect(await refusal(path)).toBe(
    `${path}:${line}: this is no recorded call. Move the file away, or choose another --out`,
  )
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('what is no file is refused: a folder, a device, a pipe', async () => {
  mkdirSync(inFolder('folder'))
  expect(await refusal(inFolder('folder'))).toMatch(/folder: cannot be written \(EISDIR\)/)
  for (const [name, target] of [
    ['full', '/dev/full'],
    ['null', '/dev/null'],
  ]) {
    symlinkSync(target, inFolder(name))
    expect(await refusal(inFolder(name))).toMatch(
      /finished calls are kept here, and this is no file; choose another --out/,
    )
  }
  execFileSync('mkfifo', [inFolder('pipe')])
  expect(await refusal(inFolder('pipe'))).toMatch(/this is no file/)
})

test('a folder that is not there is made, and one that cannot be is refused', async () => {
  const journal = await openJournal(inFolder('new/folder/x.calls.jsonl'))
  journal.append(result('a'))
  journal.close()
  expect(await refusal('/proc/nowhere/x.calls.jsonl')).toMatch(/^\/proc\/nowhere\/x.calls.jsonl: cannot be written \(E/)
})

test('a second process that writes to it is noticed, and nothing is read from the wrong place', async () => {
  const path = await left('shared.calls.jsonl', result('a'))
  const journal = await openJournal(path)
  appendFileSync(path, `${JSON.stringify(result('x'))}\n`)
  const message = `${path}: another process writes to it; let only one spillway collect go on with an --out`
  expect(() => journal.append(result('b'))).toThrow(message)
  expect(() => journal.append(result('c'))).toThrow(message)
  expect(journal.read('a')).toEqual(result('a'))
  journal.close()
  const next = await openJournal(path)
  expect([next.has('x'), next.has('b')]).toEqual([true, false])
  next.close()
})

test('a disk that is full leaves no half line, and says so in a sentence', () => {
  const path = inFolder('full.calls.jsonl')
  const url = (name: string) => pathToFileURL(`${import.meta.dirname}/../../src/collect/${name}`).href
  const script = `
    const { openJournal } = await import('${url('journal.ts')}')
    const journal = await openJournal(${JSON.stringify(path)})
    const call = ${JSON.stringify(result('x', { answer: 'y'.repeat(700) }))}
    try {
      for (let i = 0; ; i++) journal.append({ ...call, key: 'k' + i })
    } catch (error) {
      console.log(JSON.stringify([journal.size, error.message]))
      try { journal.append(call) } catch (again) { console.log(again === error) }
    }
    journal.close()`
  // A limit on the size of files stands in for the full disk: 8 blocks of 512 or 1024 bytes.
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" --import tsx --input-type=module -e "$1"`, process.execPath, script],
    { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
  )
  const [said, same] = stdout.split('\n')
  expect(stderr).toBe('')
  const [size, message] = JSON.parse(said) as [number, string]
  expect(message).toBe(`${path}: cannot be written (EFBIG)`)
  expect(same).toBe('true')
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines.pop()).toBe('')
  expect(lines).toHaveLength(size)
  expect(size).toBeGreaterThan(3)
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
})
