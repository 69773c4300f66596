import { readFile } from 'node:fs/promises'
import Mustache from 'mustache'
import { SpillwayError } from '../core/errors.ts'
import { isMappable } from './question.ts'
import { templates, type TemplateName } from './templates.ts'

/** Turns a question's fields into a prompt. */
export interface Template {
  /** The built-in's name, the file's path, or `inline`. */
  name: string
  text: string
  /** @throws SpillwayError `bad-input` where a field that the template needs is absent */
  render(fields: Readonly<Record<string, unknown>>, place: string): string
}

/**
 * A template from a built-in's name, a file, or a text with `{{fields}}` in it. The language is Mustache without HTML
 * escapes: `{{field}}` must be there, `{{#field}}…{{/field}}` only shows where it is, `{{#choices}}{{letter}}. {{text}}
 * {{/choices}}` goes through a list, which must be there.
 * @param must a field that the template has to name, or it would be of no use
 * @throws SpillwayError `usage` where it cannot be read or parsed
 */
export async function loadTemplate(spec: string, must?: string): Promise<Template> {
  if (Object.hasOwn(templates, spec)) return template(spec, templates[spec as TemplateName], must)
  if (spec.includes('{{')) return template('inline', spec, must)
  const text = await readFile(spec, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SpillwayError(
      'usage',
      `${spec}: this prompt is no file that can be read (${cause.code}), no text with {{question}}, and none of ${Object.keys(templates).join(', ')}`,
      { cause },
    )
  })
  return template(spec, text.replace(/^\uFEFF/, '').replace(/\r?\n$/, ''), must)
}

export function template(name: string, text: string, must?: string): Template {
  const { needed, named } = fieldsOf(name, text)
  if (must !== undefined && !named.has(must))
    throw new SpillwayError('usage', `${name}: the prompt does not name {{${must}}}; write it where it belongs`)
  if (named.size === 0)
    throw new SpillwayError(
      'usage',
      `${name}: the prompt names no field; every question would be the same. Write {{question}} where it belongs`,
    )
  return {
    name,
    text,
    render(fields, place) {
      for (const field of needed)
        if (isAbsent(field, valueAt(fields, field)))
          throw new SpillwayError(
            'bad-input',
            `${place}: no ${field}, which the prompt ${name} needs; columns are ${Object.keys(fields).join(', ')}${isMappable(field) ? ` (--map ${field}=COLUMN takes another)` : ''}`,
          )
      const choices = named.has('choices') ? lettered(fields.choices, place) : undefined
      // Without a prototype: a column may be called `constructor`, and none is there unless it is.
      const view: unknown = Object.assign(Object.create(null), fields, choices && { choices })
      return Mustache.render(text, view, undefined, { escape: shown })
    },
  }
}

type Token = [kind: string, name: string, from: number, to: number, inner?: Token[]]

/** The fields that a template names, and of these the ones that every question must have. */
function fieldsOf(name: string, text: string): { needed: Set<string>; named: Set<string> } {
  const tokens = parse(name, text)
  const all = (list: readonly Token[]): Token[] =>
    list.flatMap((token) => [token, ...(Array.isArray(token[4]) ? all(token[4]) : [])])
  const everywhere = all(tokens)
  const of = (list: readonly Token[], kinds: readonly string[]) =>
    list.filter(([kind]) => kinds.includes(kind)).map(([, field]) => field)
  const [partial] = of(everywhere, ['>'])
  if (partial !== undefined)
    throw new SpillwayError('usage', `${name}: {{> ${partial}}} would take in another template, and there is none`)
  const needed = new Set(of(tokens, variables))
  // What the answer is one of, unless the template says what to do without.
  if (of(tokens, ['#']).includes('choices') && !of(tokens, ['^']).includes('choices')) needed.add('choices')
  return { needed, named: new Set(of(everywhere, ['#', '^', ...variables])) }
}

const variables = ['name', '&', '{']

function parse(name: string, text: string): Token[] {
  try {
    return Mustache.parse(text) as Token[]
  } catch (cause) {
    throw new SpillwayError('usage', `${name}: the prompt template cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** A column's own value, or within one, as `{{document.title}}`. */
const valueAt = (fields: Readonly<Record<string, unknown>>, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      fields,
    )

/** An empty text or list is none, but for an answer that is judged. */
const isAbsent = (field: string, value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (value === '' && field !== 'answer') ||
  (Array.isArray(value) && value.length === 0)

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const LETTERS = 26

/** Choices as a template sees them: `{ letter: 'A', text: 'Paris' }`. */
function lettered(choices: unknown, place: string): { letter: string; text: string }[] | undefined {
  if (choices === undefined || choices === null) return undefined
  if (!Array.isArray(choices) || choices.some((each) => typeof each !== 'string'))
    throw new SpillwayError('bad-input', `${place}: choices is no list of texts, such as ["Paris", "London"]`)
  if (choices.length > LETTERS)
    throw new SpillwayError('bad-input', `${place}: ${choices.length} choices; there are letters for ${LETTERS}`)
  return choices.map((text: string, at) => ({ letter: String.fromCharCode(65 + at), text }))
}
