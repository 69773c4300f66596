import type { Command } from 'commander'
import { wordsOf, type FlagWords } from './words.ts'

export function fishCompletion(program: Command): string {
  const { commands, flags } = wordsOf(program)
  const none = '__fish_use_subcommand'
  return [
    '# spillway completion for fish: spillway completion fish | source',
    ...commands.map(
      ({ name, description }) => `complete -c spillway -f -n ${none} -a ${name} -d ${quoted(description)}`,
    ),
    ...flags.map((flag) => `complete -c spillway -n ${none}${flagWords(flag)}`),
    ...commands.flatMap(({ name, flags: own, words }) => {
      const there = `'__fish_seen_subcommand_from ${name}'`
      return [
        ...own.map((flag) => `complete -c spillway -n ${there}${flagWords(flag)}`),
        ...(words.length > 0 ? [`complete -c spillway -f -n ${there} -a ${quoted(words.join(' '))}`] : []),
      ]
    }),
    '',
  ].join('\n')
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (sign) => `\\${sign}`)}'`

function flagWords({ names, description, value }: FlagWords): string {
  const own = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`)).join('')
  const after = value === 'none' ? '' : Array.isArray(value) ? ` -x -a ${quoted(value.join(' '))}` : ' -r'
  return `${own}${after} -d ${quoted(description)}`
}
