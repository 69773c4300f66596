import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { decisionLog } from '../../src/gateway/decision-log.ts'
import { file, inFolder } from '../support/files.ts'
import { recordOf as record } from '../support/records.ts'

const recordOf = (id: string, error = '') => record(id, { error })
const idsIn = (folder: string) =>
  readFileSync(join(folder, 'decisions.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as DecisionRecord).id)

test('a decision log drops what the disk does not keep up with, and counts it', async () => {
  const folder = inFolder('slow')
  const log = decisionLog({ folder, fileMb: 100, files: 2, onNotice: () => {} })
  const mebibyte = 'x'.repeat(2 ** 20)
  // All of it at once: nothing is written meanwhile.
  for (let i = 0; i < 24; i++) log.write(recordOf(`id-${i}`, mebibyte))
  const dropped = log.dropped()
  expect(dropped).toBeGreaterThan(4)
  await log.close()
  expect(idsIn(folder)).toEqual(Array.from({ length: 24 - dropped }, (_, i) => `id-${i}`))
  expect(log.dropped()).toBe(dropped)
})

test('a decision log that cannot be written says so once, and goes on as soon as it can', async () => {
  const notices: string[] = []
  const folder = join(file('in-the-way', ''), 'decisions')
  const log = decisionLog({ folder, fileMb: 1, files: 2, restMs: 20, onNotice: (text) => notices.push(text) })
  for (let i = 0; i < 10; i++) {
    log.write(recordOf(`lost-${i}`))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect([log.dropped(), notices]).toEqual([10, [`the decision log cannot be written (ENOTDIR): ${folder}`]])
  rmSync(dirname(folder))
  mkdirSync(dirname(folder))
  await new Promise((resolve) => setTimeout(resolve, 30))
  for (let i = 0; i < 3; i++) log.write(recordOf(`kept-${i}`))
  await log.close()
  expect(idsIn(folder)).toEqual(['kept-0', 'kept-1', 'kept-2'])
  expect([log.dropped(), notices.length]).toEqual([10, 1])
})
