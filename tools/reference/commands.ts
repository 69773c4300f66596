import { Command, type Option } from 'commander'
import { withDataFlags } from '../../src/cli/options.ts'
import { exitCodes, program } from '../../src/cli/program.ts'
import { code, GENERATED, page, plain, table } from './markdown.ts'

/** Where a command is explained. */
const guides: Partial<Record<string, string>> = {
  collect: '[From questions to outcomes](collect.md)',
  worker: '[Collect with more than one machine](workers.md)',
  sweep: '[What is computed](metrics.md)',
  tune: '[Choose a threshold you can promise](tune.md)',
  compare: '[Comparing](tune.md#comparing)',
  plot: '[A figure for a paper](report.md#a-figure-for-a-paper)',
  report: '[A page to look at](report.md#a-page-to-look-at)',
  serve: '[The gateway](gateway.md)',
  key: '[Keys and doors](gateway.md#keys-and-doors)',
}

const DATA = 'Flags of the data'

/** Every command with its arguments and flags, from what the command line itself is made of. */
export async function commandsReference(): Promise<string> {
  const spillway = await program()
  const data = withDataFlags(new Command()).options
  const shared = (option: Option) => data.some((each) => same(each, option))
  const sections = spillway.commands.flatMap((command) => {
    const guide = guides[command.name()]
    const options = [...command.createHelp().visibleOptions(command)].filter(({ long }) => long !== '--help')
    // A command that reads no outcomes has a flag like theirs by chance.
    const taken = options.filter(shared).length
    const reads = taken >= data.length - 1
    const own = reads ? options.filter((option) => !shared(option)) : options
    return [
      // Headings hold no code: not every site makes anchors of it.
      `## spillway ${command.name()}`,
      code(`spillway ${usage(command)}`),
      `${plain(command.description())}${guide === undefined ? '' : ` ${guide}.`}`,
      table(
        ['argument', ''],
        command.registeredArguments.map((each) => [code(each.name()), plain(each.description)]),
      ),
      table(
        ['flag', ''],
        own.map((option) => row(command, option)),
      ),
      !reads ? '' : taken === data.length ? `And the ${link(DATA)}.` : `And the other ${link(DATA)}.`,
    ]
  })
  return page(
    GENERATED,
    '# Commands',
    `${plain(spillway.description())} ${code('spillway COMMAND --help')} prints what stands here.`,
    ...sections,
    `## ${DATA}`,
    'Of every command that reads outcomes. What they mean: [Bring your own data](data.md).',
    table(
      ['flag', ''],
      data.map((option) => row(spillway, option)),
    ),
    '## Exit codes',
    table(
      ['code', ''],
      exitCodes.map(([number, meaning]) => [String(number), meaning]),
    ),
    'Colour appears only on a terminal and never with `NO_COLOR`.',
  )
}

const same = (a: Option, b: Option): boolean => a.flags === b.flags && a.description === b.description

const usage = (command: Command): string =>
  [
    command.name(),
    '[options]',
    ...command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`)),
  ].join(' ')

/** As help says it: with choices and default. */
const row = (command: Command, option: Option): string[] => [
  code(option.flags),
  `${plain(command.createHelp().optionDescription(option))}${option.mandatory && option.defaultValue === undefined ? ' **Required.**' : ''}`,
]

const link = (heading: string): string => `[${heading.toLowerCase()}](#${heading.toLowerCase().replaceAll(' ', '-')})`
