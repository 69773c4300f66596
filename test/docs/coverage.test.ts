import { expect, test } from 'vitest'
import { blocks, commandsOf, type Block } from '../support/documentation.ts'
import { notRun, reasonNotToRun } from '../support/documented-commands.ts'

/** Languages of blocks, and what holds them to what they say. */
const held: Partial<Record<string, string>> = {
  sh: 'commands.test.ts',
  http: 'commands.test.ts: what the request before it is answered with',
  json: 'snippets.test.ts',
  yaml: 'snippets.test.ts',
  ts: 'examples.test.ts',
  nginx: 'nothing: it takes an nginx',
  text: 'nothing: a drawing',
}

const commandOf = (text: string): string => text.split(' ')[0]

/** The commands of a block that neither run nor have a reason not to. */
const strangers = (block: Block) =>
  block.language === 'sh'
    ? commandsOf(block).filter(
        (command) => !['spillway', 'curl'].includes(commandOf(command.text)) && reasonNotToRun(command) === undefined,
      )
    : []

test('every fenced block is in a language that a test knows', () => {
  expect(blocks.filter(({ language }) => held[language] === undefined)).toEqual([])
})

test('every command runs, or has a reason why not', () => {
  expect(blocks.flatMap(strangers)).toEqual([])
})

test('every reason is somebody’s', () => {
  const all = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf)
  expect(notRun.filter(([commands]) => !all.some(({ text }) => commands.test(text)))).toEqual([])
})

test('a response stands after the request that it answers', () => {
  const misplaced = blocks.filter(
    ({ page, language }, i) =>
      language === 'http' &&
      !(blocks[i - 1]?.page === page && blocks[i - 1].language === 'sh' && blocks[i - 1].text.startsWith('curl ')),
  )
  expect(misplaced).toEqual([])
})
