import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .toSorted()

/** Every page of the documentation, by its path from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...markdownIn('docs'),
  ...markdownIn('examples'),
  ...markdownIn('tools'),
]

export const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

/** A fenced block. */
export interface Block {
  page: string
  /** Of its first line of text. */
  line: number
  language: string
  text: string
}

const FENCE = /^( *)(`{3,})(\S*) *\n([^]*?)^\1\2$/gm

export const blocksOf = (page: string): Block[] => {
  const text = textOf(page)
  return [...text.matchAll(FENCE)].map(({ index, 3: language, 4: inside }) => ({
    page,
    line: text.slice(0, index).split('\n').length + 1,
    language,
    text: inside,
  }))
}

export const blocks: readonly Block[] = pages.flatMap(blocksOf)

/** A command of a shell block. */
export interface Command {
  /** Such as docs/tune.md:6. */
  place: string
  text: string
}

/** The commands of a shell block, each on one line and without comments. */
export const commandsOf = ({ page, line, text }: Block): Command[] =>
  [...text.matchAll(/(?:.*\\\n)*.+/g)]
    .map(({ 0: each, index }) => ({
      place: `${page}:${line + text.slice(0, index).split('\n').length - 1}`,
      text: each
        .replaceAll(/\\\n\s*/g, '')
        .replace(/(^|\s)#.*$/, '')
        .trim(),
    }))
    .filter((command) => command.text !== '')
