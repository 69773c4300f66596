import { extname } from 'node:path'
import { Command, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { writeFileWhole } from '../data/write.ts'
import { figureNames, type FigureName } from '../report/charts/names.ts'
import { figureData } from '../report/figures/figures.ts'
import { fileKinds, type FileKind } from '../report/render/file-kinds.ts'
import type { Inches } from '../report/render/size.ts'
import { filesOf, inputsOf, refuseSamePaths } from './files.ts'
import {
  enforceStrict,
  parseConfidence,
  parseCount,
  parseNumber,
  parseQuality,
  parseSeed,
  readOptions,
  withDataFlags,
  type DataFlags,
} from './options.ts'
import { checkPixels, collectShown, parseDpi, parseSize, type SignalFlag } from './plot-flags.ts'
import { withProgress } from './progress.ts'
import { showFindings } from './view.ts'

interface PlotFlags extends Omit<DataFlags, 'signal'> {
  figure: FigureName
  out: string
  json?: boolean
  signal?: SignalFlag
  threshold?: number
  size: Inches
  dpi: number
  confidence?: number
  resamples?: number
  seed?: number
  wrongBelow?: number
}

/** `spillway plot`: one figure, as it goes into a paper. */
export const plotCommand = (): Command =>
  withDataFlags(
    new Command('plot'),
    new Option(
      '--signal <name>',
      'the signal that is shown (default: the best); NAME:higher and NAME:lower make a column one (repeatable)',
    ).argParser(collectShown),
  )
    .summary('one figure for a paper: SVG, PNG or PDF')
    .description('One figure as SVG, PNG or PDF: letters as outlines, readable in grey and with any colour vision.')
    .addOption(new Option('--figure <name>', 'which figure').choices(figureNames).makeOptionMandatory())
    .requiredOption('--out <file>', 'where it goes: .svg, .png or .pdf')
    .option('--json', 'print what was written as JSON, on standard output')
    .option('--threshold <value>', 'the threshold that is marked (default: that of the highest Δibc)', parseNumber)
    .addOption(
      new Option('--size <inches>', 'width x height').argParser(parseSize).default({ width: 5, height: 3.2 }, '5x3.2'),
    )
    .option('--dpi <count>', 'dots per inch, of a PNG', parseDpi, 300)
    .option('--confidence <share>', 'of every interval (default: 0.95)', parseConfidence)
    .option('--resamples <count>', 'of the bootstrap (default: 2000)', parseCount)
    .option('--seed <number>', 'of the resamples (default: 1)', parseSeed)
    .option('--wrong-below <quality>', 'a small answer below this quality is wrong (default: 0.5)', parseQuality)
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: PlotFlags): Promise<void> {
  const { figure, out, size, dpi, threshold, quiet } = flags
  const kind = kindOf(out)
  checkPixels(kind, size, dpi)
  const files = filesOf(file, signalsFile)
  refuseSamePaths(files, [out])
  const { shown, columns } = flags.signal ?? {}
  const { outcomes, findings } = await lintOutcomes(file, readOptions({ ...flags, signal: columns }, signalsFile))
  enforceStrict(flags.strict, findings)
  showFindings(findings, quiet)
  if (shown !== undefined) requireSignal(outcomes, shown)
  const work = figureData(outcomes, findings, inputsOf(files, outcomes), {
    costs: { ...flags.cost, verifyCost: flags.verifyCost },
    confidence: flags.confidence,
    resamples: flags.resamples,
    seed: flags.seed,
    wrongBelow: flags.wrongBelow,
    opening: { signal: shown, threshold },
    onlyOpening: true,
    examples: false,
  })
  const data = await withProgress(work, quiet)
  const signal = shown === undefined ? 0 : data.signals.findIndex((each) => each.signal === shown)
  // The charting library is loaded by this command alone.
  const { figureFile } = await import('../report/render/figure-file.ts')
  await writeFileWhole(out, [await figureFile(data, { figure, kind, size, dpi, signal })])
  if (quiet !== true) process.stderr.write(`wrote ${out}\n`)
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ out, figure, findings })}\n`)
}

function requireSignal({ signals }: Outcomes, shown: string): void {
  if (signals.some(({ name }) => name === shown)) return
  const names = signals.map(({ name }) => name).join(', ')
  throw new SpillwayError('usage', `no signal ${shown}; the data have: ${names || 'none'}`)
}

function kindOf(out: string): FileKind {
  const end = extname(out).slice(1).toLowerCase()
  const kind = fileKinds.find((each) => each === end)
  if (kind === undefined)
    throw new SpillwayError('usage', `--out ${out}: a figure is written as .svg, .png or .pdf; end the name so`)
  return kind
}
