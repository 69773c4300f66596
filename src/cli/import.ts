import { Argument, Command, InvalidArgumentError } from 'commander'
import { importedLines, importers, type ImporterName } from '../data/import/importers.ts'
import { writeFileWhole } from '../data/write.ts'
import { refuseSamePaths } from './files.ts'

interface ImportFlags {
  out: string
  small?: string
  large?: string
  split?: string
  json?: boolean
  quiet?: boolean
}

/** `spillway import`: what other projects recorded, as outcomes. */
export const importCommand = (): Command =>
  new Command('import')
    .summary('results that AutoMix or RouteLLM recorded, as outcomes')
    .description(
      "Turn another project's recorded results into outcomes: AutoMix's released outputs, RouteLLM's benchmarks.",
    )
    .addArgument(new Argument('<format>', 'whose results: automix or routellm').argParser(parseFormat))
    .argument('<files...>', 'the files, also gzipped; - is standard input')
    .requiredOption('--out <file>', 'the outcomes, as JSONL')
    .option('--small <name>', 'what the files call the small model (default: llama13b; the first of the columns)')
    .option('--large <name>', 'what the files call the large model (default: llama70b; the last of the columns)')
    .option('--split <name>', "of AutoMix's rows, only those of a split, such as val")
    .option('--json', 'print what was written as JSON, on standard output')
    .option('--quiet', 'print nothing on standard error but errors')
    .action(run)

async function run(format: ImporterName, files: string[], flags: ImportFlags): Promise<void> {
  refuseSamePaths(files, [flags.out])
  const tally = { rows: 0, signals: 0 }
  await writeFileWhole(flags.out, importedLines(format, files, flags, tally))
  const { rows, signals } = tally
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ out: flags.out, rows, with_signals: signals })}\n`)
  if (flags.quiet === true) return
  process.stderr.write(
    `wrote ${flags.out}: ${rows.toLocaleString('en')} rows, ${signals.toLocaleString('en')} with a signal\n`,
  )
  process.stderr.write(`${importers[format].hint(flags.out)}\n`)
}

function parseFormat(text: string): ImporterName {
  if (text === 'frugalgpt')
    throw new InvalidArgumentError(
      'FrugalGPT records no answer by answer results in a file of its own: its cache is a database of responses, its summaries are averages.',
    )
  if (!Object.hasOwn(importers, text))
    throw new InvalidArgumentError(`Expected one of: ${Object.keys(importers).join(', ')}.`)
  return text as ImporterName
}
