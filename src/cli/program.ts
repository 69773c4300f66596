import { createRequire } from 'node:module'
import { Command } from 'commander'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** What a command ends with, and what that means. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'ok'],
  [1, 'a fault of Spillway'],
  [2, 'a mistake in the input or the command line'],
  [3, 'a promise that cannot be certified'],
  [130, 'interrupted'],
]

/** Each is loaded when it is asked for: all of them together take three times as long as one. */
const commands: Record<string, () => Promise<Command>> = {
  collect: async () => (await import('./collect.ts')).collectCommand(),
  worker: async () => (await import('./worker.ts')).workerCommand(),
  sweep: async () => (await import('./sweep.ts')).sweepCommand(),
  tune: async () => (await import('./tune.ts')).tuneCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  route: async () => (await import('./route.ts')).routeCommand(),
  plot: async () => (await import('./plot.ts')).plotCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  key: async () => (await import('./key.ts')).keyCommand(),
}

/** The command line. Help and reference are made of it. @param only the one command that will run; else every one */
export async function program(only?: string): Promise<Command> {
  const spillway = new Command('spillway')
    .description(
      'Language-model cascades: find the threshold between a small and a large model, and know how good it is.',
    )
    .version(version, '--version')
    .addHelpText('after', `\nExit codes: ${exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`)
  const names = only !== undefined && Object.hasOwn(commands, only) ? [only] : Object.keys(commands)
  for (const name of names) spillway.addCommand(await commands[name]())
  return spillway
}
