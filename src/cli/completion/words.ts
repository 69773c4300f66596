import type { Command, Option } from 'commander'

/** A flag as a shell completes it. */
export interface FlagWords {
  /** Such as `--out`, and `-h` before it where there is one. */
  names: string[]
  description: string
  /** What may follow: nothing, one of some words, or anything, be it a file's name. */
  value: 'none' | 'any' | readonly string[]
}

export interface CommandWords {
  name: string
  description: string
  flags: FlagWords[]
  /** What its arguments may be: names of files where there are no words. */
  words: readonly string[]
}

/** What a command line is made of, from the definitions that parse it. */
export function wordsOf(program: Command): { commands: CommandWords[]; flags: FlagWords[] } {
  const help = program.createHelp()
  const flags = (command: Command) => help.visibleOptions(command).map(flagOf)
  return {
    flags: flags(program),
    commands: help.visibleCommands(program).map((command) => ({
      name: command.name(),
      description: command.summary() || command.description(),
      flags: flags(command),
      words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    })),
  }
}

const flagOf = ({ short, long, description, required, optional, argChoices }: Option): FlagWords => ({
  names: [short, long].filter((name) => name !== undefined),
  description,
  value: argChoices ?? (required || optional ? 'any' : 'none'),
})
