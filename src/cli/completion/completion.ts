import { Argument, Command } from 'commander'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/**
 * `spillway completion`: a script for a shell. The libraries for this either never complete names of files, which most
 * arguments here are, or start Node at every press of a key.
 */
export const completionCommand = (program: () => Promise<Command>): Command =>
  new Command('completion')
    .summary('complete commands with <TAB>, in bash, zsh or fish')
    .description(
      'Print the script by which a shell completes commands, flags and their values: source <(spillway completion bash).',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .action(async (shell: keyof typeof shells) => void process.stdout.write(shells[shell](await program())))
