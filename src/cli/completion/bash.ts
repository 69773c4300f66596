import type { Command } from 'commander'
import { wordsOf, type CommandWords, type FlagWords } from './words.ts'

/** Where no word fits, bash completes names of files (`-o default`). */
export function bashCompletion(program: Command): string {
  const { commands, flags } = wordsOf(program)
  const first = [...commands.map(({ name }) => name), ...namesOf(flags)]
  return `# spillway completion for bash: source <(spillway completion bash)
_spillway() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(first)}
  else
    case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(valuesOf).join('\n')}
    *)
      case "\${COMP_WORDS[1]} $current" in
${commands.map(({ name, flags: own }) => `      ${name}\\ -*) words=${quoted(namesOf(own))} ;;`).join('\n')}
${commands
  .filter(({ words }) => words.length > 0)
  .map(({ name, words }) => `      ${name}\\ *) words=${quoted(words)} ;;`)
  .join('\n')}
      esac
      ;;
    esac
  fi
  [ -n "$words" ] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  return 0
}
complete -o default -F _spillway spillway
`
}

const namesOf = (flags: readonly FlagWords[]): string[] => flags.flatMap(({ names }) => names)

const quoted = (words: readonly string[]): string => `'${words.join(' ')}'`

/** After a flag: its words, or none, for a file's name. */
function valuesOf({ name, flags }: CommandWords): string[] {
  return flags
    .filter(({ value }) => value !== 'none')
    .flatMap(({ names, value }) => {
      const patterns = names.map((flag) => `${name}\\ ${flag}`).join(' | ')
      return `    ${patterns}) ${Array.isArray(value) ? `words=${quoted(value as string[])}` : ':'} ;;`
    })
}
