import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { spillway } from '../support/cli.ts'

test('a key is new every time, and its entry of the configuration holds its hash alone', async () => {
  const [first, second] = await Promise.all([spillway(['key', 'alice']), spillway(['key', 'alice', '--json'])])
  expect([first.code, second.code, first.stderr]).toEqual([0, 0, ''])
  const key = first.stdout.split('\n')[0]
  expect(key).toMatch(/^sk-spillway-[\w-]{43}$/)
  const other = JSON.parse(second.stdout) as { key: string; name: string; sha256: string }
  expect(other.key).not.toBe(key)
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  expect(other).toEqual({ key: other.key, name: 'alice', sha256: hash(other.key) })
  const yaml = first.stdout.slice(first.stdout.indexOf('serve:'))
  expect(parse(yaml)).toEqual({ serve: { keys: [{ name: 'alice', sha256: hash(key) }] } })
  expect(yaml).not.toContain(key)
})
