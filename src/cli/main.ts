#!/usr/bin/env node
import { CommanderError } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import { interrupt } from './interrupt.ts'
import { program } from './program.ts'

const spillway = await program(process.argv[2])

// A command that is given no subcommand asks for help; one that cannot be read is the user's mistake, exit code 2.
for (const command of [spillway, ...spillway.commands])
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
  // Without arguments, help is what was asked for, and no error.
  await spillway.parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, '--help'])
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
