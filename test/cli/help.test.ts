import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { spillway } from '../support/cli.ts'

const root = new URL('../..', import.meta.url)
const { commands } = await program()
const names = commands.map((command) => command.name())

test('without arguments, help that fits a screen of 80 columns, and says how to begin', async () => {
  const [bare, asked] = await Promise.all([spillway([]), spillway(['--help'])])
  expect(bare).toEqual(asked)
  expect([bare.code, bare.stderr]).toEqual([0, ''])
  for (const name of names) expect(bare.stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
  const lines = bare.stdout.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(lines.filter((line) => line.length > 100)).toEqual([])
  expect(bare.stdout).toMatch(/^Start:\n {2}spillway serve --demo/m)
  for (const exit of ['0 ok', '1 a fault of Spillway', '2 a mistake', '3 a promise', '130 interrupted'])
    expect(bare.stdout).toContain(exit)
})

test('--version is the version of the package, and an unknown command is named', async () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  expect(await spillway(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  const unknown = await spillway(['tunes'])
  expect([unknown.code, unknown.stdout]).toEqual([2, ''])
  expect(unknown.stderr).toMatch(/^spillway: unknown command 'tunes'\n\(Did you mean tune\?\)/)
})

test.each(names.filter((name) => name !== 'completion'))('%s takes --json and --quiet, and says each flag', (name) => {
  const command = commands.find((each) => each.name() === name)!
  expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--json', '--quiet']))
  for (const { description } of command.options) expect(description).not.toBe('')
  expect([command.summary(), command.description()]).not.toContain('')
})
