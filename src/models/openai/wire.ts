/** JSON of unknown shape: what a server sends is looked at field by field. */
export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

export const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined)

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/**
 * JSON, and what Python's `json.dumps` takes for JSON: a NaN or an infinity is read as null.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch (error) {
    if (!/NaN|Infinity/.test(json)) throw error
    return JSON.parse(json.replaceAll(stringsOrNumbers, (found) => (found.startsWith('"') ? found : 'null')))
  }
}

const stringsOrNumbers = /"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g

const BYTE_ORDER_MARK = '\uFEFF'
