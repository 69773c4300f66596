import { createRequire } from 'node:module'
import { Command } from 'commander'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** What a command ends with, and what that means. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'ok'],
  [1, 'a fault of Spillway'],
  [2, 'a mistake in the input or the command line'],
  [3, 'a promise that cannot be certified, or that audits find broken'],
  [130, 'interrupted'],
]

/**
 * In the order in which they are used. Each is loaded when it is asked for: all of them together take three times as
 * long as one.
 */
const groups: Record<string, Record<string, () => Promise<Command>>> = {
  'Measure:': {
    collect: async () => (await import('./collect.ts')).collectCommand(),
    worker: async () => (await import('./worker.ts')).workerCommand(),
    import: async () => (await import('./import.ts')).importCommand(),
    sweep: async () => (await import('./sweep.ts')).sweepCommand(),
    compare: async () => (await import('./compare.ts')).compareCommand(),
    report: async () => (await import('./report.ts')).reportCommand(),
    plot: async () => (await import('./plot.ts')).plotCommand(),
  },
  'Decide:': {
    tune: async () => (await import('./tune.ts')).tuneCommand(),
    route: async () => (await import('./route.ts')).routeCommand(),
  },
  'Run:': {
    serve: async () => (await import('./serve.ts')).serveCommand(),
    audit: async () => (await import('./audit.ts')).auditCommand(),
    label: async () => (await import('./label/label.ts')).labelCommand(),
    key: async () => (await import('./key.ts')).keyCommand(),
    completion: async () => (await import('./completion/completion.ts')).completionCommand(program),
  },
}

const START = `
Start:
  spillway serve --demo                                  a gateway on two tiny models; no key
  spillway sweep outcomes.jsonl                          every threshold in recorded outcomes
  spillway tune outcomes.jsonl --max-quality-loss 0.02   a policy, and how sure one can be of it
`

/** The command line. Help and reference are made of it. @param only the one command that will run; else every one */
export async function program(only?: string): Promise<Command> {
  const spillway = new Command('spillway')
    .description(
      'Language-model cascades: find the threshold between a small and a large model, and know how good it is.',
    )
    .usage('COMMAND; spillway COMMAND --help says what it takes')
    .version(version, '--version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .helpCommand(false)
  const known = Object.values(groups).some((commands) => only !== undefined && Object.hasOwn(commands, only))
  for (const [heading, commands] of Object.entries(groups))
    for (const [name, load] of Object.entries(commands))
      if (!known || name === only) spillway.addCommand((await load()).helpGroup(heading))
  const codes = exitCodes.map(([code, meaning]) => `  ${code} ${meaning}`).join('\n')
  return spillway.addHelpText('after', `${START}\nExit codes:\n${codes}`)
}
