import { createRequire } from 'node:module'
import { Command } from 'commander'
import { collectCommand } from './collect.ts'
import { compareCommand } from './compare.ts'
import { completionCommand } from './completion/completion.ts'
import { importCommand } from './import.ts'
import { keyCommand } from './key.ts'
import { plotCommand } from './plot.ts'
import { reportCommand } from './report.ts'
import { routeCommand } from './route.ts'
import { serveCommand } from './serve.ts'
import { sweepCommand } from './sweep.ts'
import { tuneCommand } from './tune.ts'
import { workerCommand } from './worker.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** In the order in which they are used. */
const groups: Record<string, Command[]> = {
  'Measure:': [
    collectCommand(),
    workerCommand(),
    importCommand(),
    sweepCommand(),
    compareCommand(),
    reportCommand(),
    plotCommand(),
  ],
  'Decide:': [tuneCommand(), routeCommand()],
  'Run:': [serveCommand(), keyCommand()],
}

const START = `
Start:
  spillway serve --demo                       a gateway on two tiny models that come along; no key
  spillway sweep outcomes.jsonl               every threshold of every signal in recorded outcomes
  spillway tune outcomes.jsonl --max-quality-loss 0.02 --out policy.json
                                              a policy, and how sure one can be of it
  spillway COMMAND --help                     what a command takes
`

const EXIT_CODES = `
Exit codes:
  0 ok    1 a fault of Spillway    2 a mistake in the input or the command line
  3 a promise that cannot be certified    130 interrupted`

/** The command line, which parses nothing yet. */
export function programOf(): Command {
  const program = new Command('spillway')
    .description(
      'Language-model cascades: find the threshold between a small and a large model, and know how good it is.',
    )
    .usage('COMMAND')
    .version(version, '--version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .helpCommand(false)
  for (const [heading, commands] of Object.entries(groups))
    for (const command of commands) program.addCommand(command.helpGroup(heading))
  program.addCommand(completionCommand(program).helpGroup('Run:'))
  program.addHelpText('after', START + EXIT_CODES)
  return program
}
