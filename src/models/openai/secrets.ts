/** Headers whose values must not be shown. */
const telling = /auth|key|token|secret|cookie|password/i

/** Shorter ones are no secrets, and would blot out half a message. */
const SHORTEST = 4

/** The values in headers or a query that must not be shown. */
export const secretsOf = (fields: Readonly<Record<string, string>>): string[] =>
  Object.entries(fields)
    .filter(([name]) => telling.test(name))
    .flatMap(([, value]) => secretsIn(value))

/** A text that must not be shown, whole or in part: of `Bearer sk-1`, also `sk-1` alone. */
export const secretsIn = (text: string): string[] =>
  [text, ...text.split(/[\s=;,]+/)].filter((each) => !/^(?:bearer|basic)$/i.test(each))

/** The text with three stars in place of every secret, as it stands or as it stands in a URL or in JSON. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))
      clean = clean.replaceAll(form, '***')
  }
  return clean
}
