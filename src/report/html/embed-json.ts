/** Characters that end or confuse a script element, or that some parsers take for the end of a line. */
const dangerous = /[<>&\u2028\u2029]/g

/** JSON to stand inside a `<script type="application/json">`: whatever texts it holds, none of them is markup. */
export const embedJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    dangerous,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
