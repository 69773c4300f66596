import { execFileSync, spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder } from '../support/files.ts'

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0
const folder = inFolder('.')
const scripts: Record<string, string> = {}

beforeAll(async () => {
  file('outcomes.jsonl', '')
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await spillway(['completion', shell])
    expect([code, stderr]).toEqual([0, ''])
    scripts[shell] = file(`spillway.${shell}`, stdout)
  }
})

/** What bash offers for a line, whose last word is being typed. */
function offered(...words: string[]): string[] {
  const lines = execFileSync(
    'bash',
    [
      '-c',
      'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spillway; printf "%s\\n" "${COMPREPLY[@]}"',
      scripts.bash,
      'spillway',
      ...words,
    ],
    { encoding: 'utf8', cwd: folder },
  )
  return lines.split('\n').filter((line) => line !== '')
}

describe.skipIf(!has('bash'))('in bash', () => {
  test('commands, flags and values are those that are parsed', async () => {
    const { commands } = await program()
    expect(offered('')).toEqual(expect.arrayContaining(commands.map((command) => command.name())))
    expect(offered('s')).toEqual(['sweep', 'serve'])
    for (const command of commands)
      expect(offered(command.name(), '--')).toEqual(
        expect.arrayContaining(command.options.map(({ long }) => long).filter((long) => long !== '--version')),
      )
    expect(offered('plot', '--figure', 'c')).toEqual(['cost-quality', 'calibration'])
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })

  test('where a file may stand, nothing is offered, and so bash offers files', () => {
    for (const words of [
      ['sweep', ''],
      ['sweep', 'out'],
      ['sweep', '--report', ''],
    ])
      expect(offered(...words)).toEqual([])
    const registered = execFileSync('bash', ['-c', 'source "$0"; complete -p spillway', scripts.bash], {
      encoding: 'utf8',
    })
    expect(registered).toMatch(/-o default .*-F _spillway/)
  })
})

test.skipIf(!has('zsh'))('the script for zsh can be read', () => {
  expect(spawnSync('zsh', ['-n', scripts.zsh], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})

test.skipIf(!has('fish'))('fish offers commands, values and files', () => {
  const offers = (line: string) =>
    execFileSync('fish', ['-c', `source ${scripts.fish}; complete -C '${line}'`], { encoding: 'utf8', cwd: folder })
      .trimEnd()
      .split('\n')
      .map((each) => each.split('\t')[0])
  expect(offers('spillway s').toSorted()).toEqual(['serve', 'sweep'])
  expect(offers('spillway plot --figure c').toSorted()).toEqual(['calibration', 'cost-quality'])
  expect(offers('spillway sweep outc')).toEqual(['outcomes.jsonl'])
})

test('another shell is a mistake', async () => {
  const { code, stderr } = await spillway(['completion', 'csh'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/)
})
