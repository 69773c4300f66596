/** How many openings that lead nowhere are tried, so that a long text of braces costs little. */
const ATTEMPTS = 50

/** The outermost JSON objects in a text, in order, be they in prose, a list or a fence. None: an empty list. */
export function jsonObjects(text: string): unknown[] {
  const found: unknown[] = []
  const opening = /\{(?=\s*["}])/g
  let failures = 0
  for (let open = opening.exec(text); open !== null && failures < ATTEMPTS; open = opening.exec(text)) {
    const end = endOfObject(text, open.index)
    const object = end === undefined ? undefined : parsed(text.slice(open.index, end))
    if (end === undefined || object === undefined) failures++
    else {
      found.push(object)
      opening.lastIndex = end
    }
  }
  return found
}

/** The place after the brace that closes the one at `start`, braces in strings apart. Never closed: `undefined`. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0
  const mark = /[{}]|"(?:[^"\\\n]|\\.)*"/g
  mark.lastIndex = start
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    if (match[0] === '{') depth++
    else if (match[0] === '}' && --depth === 0) return mark.lastIndex
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
