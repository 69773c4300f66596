import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAudits } from '../../src/audits/read.ts'
import type { AuditRecord } from '../../src/audits/record.ts'
import { audited } from '../support/audits.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

async function read(paths: string[]): Promise<{ records: AuditRecord[]; torn: string[] }> {
  const torn: string[] = []
  const records: AuditRecord[] = []
  for await (const record of readAudits(paths, { onTorn: (place) => torn.push(place) })) records.push(record)
  return { records, torn }
}
const ids = async (...paths: string[]) => (await read(paths)).records.map(({ id }) => id)
const problem = (text: string, name = 'broken.jsonl') =>
  ids(file(name, text)).then(String, (error: Error) => error.message)

describe('readAudits', () => {
  test('gives records as they were written, fields of later versions too', async () => {
    const written = [
      { ...audited('a'), later: 7 },
      audited('b', { small: { model: 's', cost: null, censored: true, signals: { x: { upper: -1 }, y: null } } }),
      audited('c', { small: undefined, outcome: 'small-failed', gold: ['x', 'y'], error: 'none' }),
    ]
    const { records, torn } = await read([file('plain.jsonl', jsonl(...written))])
    expect(records).toEqual(JSON.parse(JSON.stringify(written)))
    expect(torn).toEqual([])
  })

  test('a folder gives its audits*.jsonl, gzipped too, the oldest first, and nothing else', async () => {
    const folder = inFolder('audits')
    mkdirSync(folder)
    const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content)
    put('audits.jsonl', jsonl(audited('new')))
    put('audits-20260102T000000000Z-1.jsonl', jsonl(audited('middle')))
    put('audits-20260101T000000000Z-1.jsonl.gz', gzipSync(jsonl(audited('old'))))
    put('audits.marks.jsonl', '{"id":"x"}\n')
    put('marks.jsonl', '{"id":"x"}\n')
    put('decisions.jsonl', '{"id":"x"}\n')
    expect(await ids(folder)).toEqual(['old', 'middle', 'new'])
    expect(await ids(folder, file('more.jsonl', jsonl(audited('more'))))).toEqual(['old', 'middle', 'new', 'more'])
  })

  test('a folder without logs is told, with what to name', async () => {
    const folder = inFolder('nothing')
    mkdirSync(folder)
    await expect(ids(folder)).rejects.toThrow(`${folder}: there is no audits*.jsonl here; name the folder`)
    await expect(ids(inFolder('none'))).rejects.toThrow('there is no such file')
  })

  test('a last line that was cut off anywhere, within a character too, is left out and told', async () => {
    const last = Buffer.from(JSON.stringify(audited('é')))
    for (let length = 1; length < last.length; length += 7) {
      const path = file('torn.jsonl', Buffer.concat([Buffer.from(jsonl(audited('a'))), last.subarray(0, length)]))
      const { records, torn } = await read([path])
      expect(records.map(({ id }) => id)).toEqual(['a'])
      expect(torn).toEqual([`${path}:2`])
    }
    expect(await ids(file('whole.jsonl', Buffer.concat([Buffer.from(jsonl(audited('a'))), last])))).toEqual(['a', 'é'])
  })

  test('so is a line after which the log went on, unless no line is JSON', async () => {
    const path = file('went-on.jsonl', `${jsonl(audited('a'))}{"id":"b","ti\n${jsonl(audited('c'))}`)
    const { records, torn } = await read([path])
    expect(records.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(torn).toEqual([`${path}:2`])
    expect(await problem('id,time\na,b\n')).toMatch(
      /broken\.jsonl:1: not valid JSON, and no other line is; expected one JSON object a line$/,
    )
  })

  test('a line that is something else is an error with its place and what to do', async () => {
    expect(await problem(`${jsonl(audited('a'))}{"id":"b"}\n`)).toMatch(
      /broken\.jsonl:2: time: expected string.*name the log that `spillway serve` writes$/,
    )
    expect(await problem(jsonl({ ...audited('a'), probability: 0 }))).toMatch(/broken\.jsonl:1: probability: /)
  })
})
