import type { Command } from 'commander'
import { wordsOf, type FlagWords } from './words.ts'

export function zshCompletion(program: Command): string {
  const { commands, flags } = wordsOf(program)
  return `#compdef spillway
# spillway completion for zsh: source <(spillway completion zsh)
_spillway() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments ${flags.map(specOf).join(' ')}
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands
  .map(({ name, flags: own, words }) => {
    const rest = words.length > 0 ? `'*:value:(${words.join(' ')})'` : "'*:file:_files'"
    return `  ${name}) _arguments ${[...own.map(specOf), rest].join(' \\\n    ')} ;;`
  })
  .join('\n')}
  esac
}
compdef _spillway spillway
`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** One name of a flag a specification; a flag may come again. */
const specOf = ({ names, description, value }: FlagWords): string =>
  names
    .map((name) => {
      const told = description.replaceAll(/[[\]\\:]/g, (sign) => `\\${sign}`)
      const after = value === 'none' ? '' : Array.isArray(value) ? `:value:(${value.join(' ')})` : ':value:_files'
      return quoted(`*${name}[${told}]${after}`)
    })
    .join(' ')
