#!/usr/bin/env node
import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import { compareCommand } from './compare.ts'
import { collectCommand } from './collect.ts'
import { interrupt } from './interrupt.ts'
import { routeCommand } from './route.ts'
import { sweepCommand } from './sweep.ts'
import { keyCommand } from './key.ts'
import { plotCommand } from './plot.ts'
import { reportCommand } from './report.ts'
import { serveCommand } from './serve.ts'
import { tuneCommand } from './tune.ts'
import { workerCommand } from './worker.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const program = new Command('spillway')
  .description(
    'Language-model cascades: find the threshold between a small and a large model, and know how good it is.',
  )
  .version(version, '--version')
  .addCommand(collectCommand())
  .addCommand(workerCommand())
  .addCommand(sweepCommand())
  .addCommand(tuneCommand())
  .addCommand(compareCommand())
  .addCommand(routeCommand())
  .addCommand(plotCommand())
  .addCommand(reportCommand())
  .addCommand(serveCommand())
  .addCommand(keyCommand())
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 a fault of Spillway, 2 a mistake in the input or the command line, 3 a promise that cannot be certified, 130 interrupted.',
  )

// A command that is given no subcommand asks for help; one that cannot be read is the user's mistake, exit code 2.
for (const command of [program, ...program.commands])
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'spillway: ')) })

process.on('SIGINT', interrupt)
// `spillway … | head` closes the pipe: nobody reads the rest. A full disk behind `>` is the user's to mend.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return
  process.stderr.write(`spillway: standard output cannot be written (${code})\n`)
  process.exit(2)
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Renders an error for a person and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2 // it has been printed
  if (SpillwayError.is(error)) {
    for (const line of error.message.split('\n')) process.stderr.write(`spillway: ${line}\n`)
    return 2
  }
  process.stderr.write(
    `spillway: this is a fault of Spillway; please report it with the lines below\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return 1
}
