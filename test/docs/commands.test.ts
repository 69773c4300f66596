import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { blocks, commandsOf, pages, root, type Block, type Command } from '../support/documentation.ts'
import { readerAt, reasonNotToRun } from '../support/documented-commands.ts'
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.ts'

const haveCurl = spawnSync('curl', ['--version']).status === 0
const shell = blocks.filter(({ language }) => language === 'sh')
const all = shell.flatMap(commandsOf)
const isRequest = ({ text }: Command) => text.startsWith('curl ')
const left = all.filter((command) => reasonNotToRun(command) !== undefined)

let models: ScriptedServer
beforeAll(async () => void (models = await scriptedServer(() => ({ text: 'Lovelace' }))))
afterAll(() => models.close())

/** Steps of a page: commands in their order, and what a response is said to hold. */
const stepsOf = (page: string) =>
  blocks
    .filter((block) => block.page === page)
    .flatMap((block): ({ response: Block } | { command: Command })[] =>
      block.language === 'http' && haveCurl
        ? [{ response: block }]
        : block.language === 'sh'
          ? commandsOf(block)
              .filter((command) => reasonNotToRun(command) === undefined && (haveCurl || !isRequest(command)))
              .map((command) => ({ command }))
          : [],
    )

describe('every command of a page runs, one after another as a reader would', () => {
  const read = pages.filter((page) => stepsOf(page).length > 0)
  // Machines that run everything at once are slow.
  test.concurrent.for(read)('%s', { timeout: 300_000 }, async (page, { expect }) => {
    const reader = readerAt(models.url)
    let last = ''
    try {
      for (const step of stepsOf(page)) {
        if ('response' in step) {
          for (const line of step.response.text.trim().split('\n')) expect(last).toMatch(likeNumbers(line))
          continue
        }
        const { command } = step
        const { status, stdout, stderr } = await reader.run(command)
        expect(status, `${command.place}: ${command.text}\n${stderr}`).toBe(0)
        last = stdout
      }
    } finally {
      await reader.leave()
    }
  })
})

test.skipIf(haveCurl)('requests of the documentation are left out: there is no curl here')

/** The same line, whatever its fractions are: they differ in the last digits between processors. */
const likeNumbers = (line: string): RegExp =>
  new RegExp(
    line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\d+\\\.\d+(?= |$)/g, String.raw`\d+\.\d+`),
  )

describe('a command that no test runs', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }

  test('names a script that there is', () => {
    const named = left.flatMap(({ place, text }) =>
      [...text.matchAll(/npm (?:run (\S+)|(test))/g)].map(([, script, own]) => ({ place, script: script ?? own })),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  test.each(left.filter(({ text }) => text.startsWith('spillway ')))(
    '$place has flags that there are',
    async ({ text }) => {
      const spillway = await program()
      for (const command of spillway.commands) command.exitOverride().action(() => {})
      const words = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word)
      await expect(spillway.parseAsync(words.slice(1), { from: 'user' })).resolves.toBe(spillway)
    },
  )
})
