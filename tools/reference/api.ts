import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { code, GENERATED, page, plain } from './markdown.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Entry {
  /** What programs import. */
  name: string
  /** The source behind it. */
  file: string
}

/** The entry points that package.json exports, but for data. */
export function entryPoints(): Entry[] {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            name: `spillway${path.slice(1)}`,
            file: target.default.replace(/^\.\/dist\//, `${root}src/`).replace(/\.js$/, '.ts'),
          },
        ],
  )
}

const kinds: readonly (readonly [flag: ts.SymbolFlags, kind: string])[] = [
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Variable, 'value'],
  [ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias, 'type'],
]

/** What each entry point exports, with what its source says of it. */
export function apiReference(): string {
  const entries = entryPoints()
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      noLib: true,
      types: [],
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  )
  const checker = program.getTypeChecker()
  const exported = new Map(entries.map(({ name, file }) => [name, exportsOf(program.getSourceFile(file), checker)]))
  /** Where a name is told of: of several entry points the one that is no sum of others. */
  const homes = new Map<ts.Symbol, string>()
  for (const [name, symbols] of [...exported].toReversed())
    for (const symbol of symbols.keys()) if (!homes.has(symbol)) homes.set(symbol, name)
  const sections = entries.flatMap(({ name, file }) => {
    const symbols = exported.get(name)!
    const own = [...symbols].filter(([symbol]) => homes.get(symbol) === name)
    const others = [...symbols].filter(([symbol]) => homes.get(symbol) !== name)
    return [
      `## ${name}`,
      docOfFile(program.getSourceFile(file)!),
      own
        .toSorted(([, a], [, b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
        .map(([symbol, each]) => `- ${code(each)} (${kindOf(symbol)}): ${docOf(symbol, checker)}`)
        .join('\n'),
      ...[...exported].flatMap(([from, all]) => alsoFrom(from, all, others, homes)),
    ]
  })
  return page(
    GENERATED,
    '# API',
    'What each entry point of the package exports. Parameters and members are in the declarations beside the code, and on the site that `npm run site` builds.',
    ...sections,
  )
}

/** What a module exports, by the names it exports it under; a symbol that is only named there in its own place. */
function exportsOf(source: ts.SourceFile | undefined, checker: ts.TypeChecker): Map<ts.Symbol, string> {
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${source?.fileName ?? 'an entry point'} is no module`)
  return new Map(checker.getExportsOfModule(module).map((each) => [resolved(each, checker), each.name]))
}

const resolved = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)

function kindOf(symbol: ts.Symbol): string {
  const kind = kinds.find(([flags]) => (symbol.flags & flags) !== 0)?.[1]
  if (kind === undefined) throw new Error(`${symbol.name} is exported, and nothing that there is a word for`)
  const declaration = symbol.valueDeclaration
  const arrow = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
  return arrow && ts.isArrowFunction(arrow) ? 'function' : kind
}

/** The first paragraph of its docstring. */
function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const [said] = ts.displayPartsToString(symbol.getDocumentationComment(checker)).split(/\n\s*\n/)
  if (said === '') throw new Error(`${symbol.name} is exported, and no docstring says what it is`)
  return plain(said.replaceAll(/\s+/g, ' '))
}

/** The comment that a file begins with. */
const docOfFile = (source: ts.SourceFile): string =>
  (/^\/\*\*([^]*?)\*\//.exec(source.text)?.[1] ?? '').replaceAll(/^\s*\* ?/gm, '').trim()

/** What an entry point exports that is told of at another. */
function alsoFrom(
  from: string,
  all: ReadonlyMap<ts.Symbol, string>,
  others: readonly (readonly [ts.Symbol, string])[],
  homes: ReadonlyMap<ts.Symbol, string>,
): string[] {
  const names = others.filter(([symbol]) => homes.get(symbol) === from)
  if (names.length === 0) return []
  if (names.length === all.size) return [`All of ${code(from)}.`]
  return [`Of ${code(from)} also ${names.map(([, name]) => code(name)).join(', ')}.`]
}
