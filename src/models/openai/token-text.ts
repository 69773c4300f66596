const REPLACEMENT = '\uFFFD'

/**
 * Reads the text of each token of an answer, in order. Where a character is spread over several tokens, the one that
 * completes it has it all, so that the texts join to the answer; the others may be empty.
 */
export function tokenTexts(): (token: string | undefined, bytes: unknown) => string | undefined {
  let open: readonly number[] = []
  return (token, bytes) => {
    if (!Array.isArray(bytes)) {
      open = []
      return token
    }
    const list = bytes as readonly number[]
    // As many bytes as UTF-16 units: ASCII, which is most tokens.
    if (open.length === 0 && list.length === token?.length && !token.includes(REPLACEMENT)) return token
    const all = Buffer.from([...open, ...list])
    const end = wholeLength(all)
    open = [...all.subarray(end)]
    return all.toString('utf8', 0, end)
  }
}

/** How many of the bytes come before a last character that is not whole, in UTF-8. */
function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]
    if (byte < 0x80) break
    if (byte < 0xc0) continue // not the first byte of its character
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
