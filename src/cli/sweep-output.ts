import { join } from 'node:path'
import type { Finding } from '../core/outcomes/findings.ts'
import type { SweepResult } from '../core/sweep.ts'
import { writeFileWhole, writePieces } from '../data/write.ts'
import { findingsCsv, pointsCsv, signalsCsv } from '../report/csv.ts'
import { sweepJson, type Inputs } from '../report/json.ts'
import { sweepText } from '../report/terminal.ts'
import { showFindings, viewOf } from './view.ts'

/** In which form a sweep is printed. */
export interface OutputFlags {
  json?: boolean
  csv?: boolean
  quiet?: boolean
}

/** Prints a sweep as a table, JSON or CSV. */
export async function printSweep(
  result: SweepResult,
  findings: readonly Finding[],
  inputs: Inputs,
  flags: OutputFlags,
): Promise<void> {
  if (flags.json !== true && flags.csv !== true) {
    return writePieces([sweepText(result, findings, inputs, viewOf(process.stdout))], process.stdout)
  }
  // The table holds the findings; where a program reads the output, the person at the terminal sees them too.
  showFindings(findings, flags.quiet)
  await writePieces(
    flags.json === true ? sweepJson(result, findings, inputs) : pointsCsv(result, findings),
    process.stdout,
  )
}

/** The files of `--out`, by name. */
export const resultFiles = (
  result: SweepResult,
  findings: readonly Finding[],
  inputs: Inputs,
): Map<string, Iterable<string>> =>
  new Map<string, Iterable<string>>([
    ['sweep.json', sweepJson(result, findings, inputs)],
    ['points.csv', pointsCsv(result, findings)],
    ['signals.csv', signalsCsv(result)],
    ['findings.csv', findingsCsv(findings)],
  ])

export async function writeResultFiles(
  dir: string,
  files: ReadonlyMap<string, Iterable<string>>,
  quiet: boolean | undefined,
): Promise<void> {
  for (const [name, pieces] of files) await writeFileWhole(join(dir, name), pieces)
  if (quiet !== true) process.stderr.write(`wrote ${[...files.keys()].map((name) => join(dir, name)).join(', ')}\n`)
}
