/** JSON with two spaces of indent, lists of plain values on one line each: a knot of a curve is read as a pair. */
export const readableJson = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.replaceAll(/\s*\n\s*/g, ' ')}]`)}\n`
