import { fieldsOf, listOf, numberOf, parseJson, textOf, type Fields } from './wire.ts'

/** What a server says about an error, from whatever form it has. */
export interface ServerSaid {
  /** One line; empty where the server says nothing. */
  message: string
  /** The request's field that is to blame. */
  param?: string
  /** Such as `insufficient_quota`. */
  code?: string
  type?: string
  /** An HTTP status told in the body, as in a stream that had begun well. */
  status?: number
}

const LONGEST = 300

/** The error in a JSON value, if it is one. */
export function errorIn(fields: Fields): ServerSaid | undefined {
  if (fields.object === 'error') return said(fields) // vLLM, formerly
  const { error } = fields
  if (typeof error === 'string' && error !== '') return { message: line(error) }
  const inner = fieldsOf(error)
  return inner === undefined ? undefined : said(inner)
}

/** What the body of a refusal says. */
export function serverSaid(body: string): ServerSaid {
  const text = body.trim()
  if (text.startsWith('{')) {
    try {
      const fields = fieldsOf(parseJson(text)) ?? {}
      return errorIn(fields) ?? said(fields)
    } catch {
      // Then it is a text.
    }
  }
  return { message: line(isHtml(text) ? pageTitle(text) : text) }
}

export const isHtml = (text: string): boolean => /^\s*</.test(text)

/** "an HTML page" and its title. */
export function pageTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim()
  return title === undefined || title === '' ? 'an HTML page' : `an HTML page, "${title}"`
}

function said(fields: Fields): ServerSaid {
  const { message, detail, code, type, param } = fields
  const status = [code, fields.status].map(numberOf).find((each) => each !== undefined && each >= 400 && each < 600)
  return {
    message: line(textOf(message) ?? textOf(detail) ?? details(detail) ?? ''),
    param: textOf(param),
    code: textOf(code),
    type: textOf(type),
    ...(status === undefined ? {} : { status }),
  }
}

/** FastAPI's list of what is wrong where. */
const details = (detail: unknown): string | undefined =>
  listOf(detail)
    ?.map((each) => {
      const { loc, msg } = fieldsOf(each) ?? {}
      return `${(listOf(loc) ?? []).join('.')}: ${textOf(msg) ?? ''}`
    })
    .join('; ')

const line = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** A message at a length that a person reads. To be cut after it was scrubbed: half a secret is one too. */
export const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text)
