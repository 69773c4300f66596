import { createRequire } from 'node:module'
import { Command } from 'commander'
import { collectCommand } from './collect.ts'
import { compareCommand } from './compare.ts'
import { keyCommand } from './key.ts'
import { plotCommand } from './plot.ts'
import { reportCommand } from './report.ts'
import { routeCommand } from './route.ts'
import { serveCommand } from './serve.ts'
import { sweepCommand } from './sweep.ts'
import { tuneCommand } from './tune.ts'
import { workerCommand } from './worker.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** What a command ends with, and what that means. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'ok'],
  [1, 'a fault of Spillway'],
  [2, 'a mistake in the input or the command line'],
  [3, 'a promise that cannot be certified'],
  [130, 'interrupted'],
]

/** Every command. Help and reference are made of it. */
export const program = (): Command =>
  new Command('spillway')
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
    .addHelpText('after', `\nExit codes: ${exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`)
