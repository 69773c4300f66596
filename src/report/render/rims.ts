/**
 * Letters that have a rim around them, drawn as two shapes, the rim first: not every program that opens an SVG knows
 * that it can be told to do that by itself.
 */
export const rimsApart = (svg: string): string =>
  svg.replaceAll(/<path [^>]*paint-order="stroke"[^>]*\/>/g, (path) => {
    const plain = path.replace(' paint-order="stroke"', '')
    const rim = plain.replace(/ fill="[^"]*"/, ' fill="none"')
    return rim + plain.replaceAll(/ stroke(?:-[a-z]+)?="[^"]*"/g, '')
  })
