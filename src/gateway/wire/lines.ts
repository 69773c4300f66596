/**
 * Where lines of a text end: with a line feed, a carriage return, or both.
 * @returns where the line is over that begins at a place, its end included; -1: that has not come
 */
export function lineEnds(text: string): (from: number) => number {
  const afterFeed = (from: number) => text.indexOf('\n', from) + 1 || -1
  // To look for a return in every line goes through all the text each time, where there is none.
  if (!text.includes('\r')) return afterFeed
  return (from) => {
    let at = from
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
    if (at === text.length) return -1
    return text.startsWith('\r\n', at) ? at + 2 : at + 1
  }
}

/** How long a line is without its end. */
export function lengthOf(line: string): number {
  let { length } = line
  while (length > 0 && (line[length - 1] === '\n' || line[length - 1] === '\r')) length--
  return length
}
