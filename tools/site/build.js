// npm run site: the documentation and the API of every entry point as a static site, in site/.
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Application, Comment, Converter } from 'typedoc'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path) => readFileSync(`${root}${path}`, 'utf8')

const { exports } = JSON.parse(read('package.json'))
/** What programs import, by the source behind it. */
const entries = new Map(
  Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path, target]) => [target.default.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'), `spillway${path.slice(1)}`]),
)

// The map says which pages there are, and in which order.
const pages = [...read('docs/README.md').matchAll(/\]\(([\w-]+\.md)/g)].map(([, name]) => `docs/${name}`)
const documents = [
  ...new Set(['docs/README.md', ...pages]),
  'examples/tiny-pair/README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
].map((path) => `${root}${path}`)

const app = await Application.bootstrap({
  name: 'Spillway',
  entryPoints: [...entries.keys()].map((path) => `${root}${path}`),
  tsconfig: `${root}tsconfig.json`,
  readme: `${root}README.md`,
  projectDocuments: documents,
  out: `${root}site`,
  customCss: fileURLToPath(new URL('site.css', import.meta.url)),
  sort: ['documents-first', 'alphabetical-ignoring-documents'],
  kindSortOrder: ['Document', 'Module', 'Function', 'Variable', 'Class', 'Interface', 'TypeAlias'],
  navigation: { includeCategories: false, includeGroups: false, includeFolders: false },
  excludeExternals: true,
  excludePrivate: true,
  disableSources: true,
  githubPages: true,
  // Lists of which the type says all, and how families are fitted.
  intentionallyNotExported: ['areaNames', 'certifyMethods', 'quantities', 'Family', 'Fitted'],
  highlightLanguages: ['sh', 'json', 'yaml', 'ts', 'http', 'nginx', 'text', 'python'],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
})

// A page is called what its first heading says, and entry points what programs import.
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  const heading = document.content
    .map(({ text }) => text)
    .join('')
    .match(/^# (.+)$/m)
  if (heading !== null) document.name = heading[1]
})
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const [path, name] of entries) {
    const called = path.replace(/^src\/(?:(.*)\/)?index\.ts$/, '$1') || 'index'
    const module = project.children?.find((each) => each.name === called)
    if (module === undefined) throw new Error(`the site has no module of ${path}`)
    module.name = name
    const said = /^\/\*\*([^]*?)\*\//
      .exec(read(path))?.[1]
      ?.replaceAll(/^\s*\* ?/gm, '')
      .trim()
    if (said !== undefined) module.comment = new Comment([{ kind: 'text', text: said }])
  }
})

rmSync(`${root}site`, { recursive: true, force: true })
const project = await app.convert()
if (project === undefined) process.exit(1)
app.validate(project)
await app.generateOutputs(project)
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1)
