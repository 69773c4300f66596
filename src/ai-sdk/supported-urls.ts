type Urls = Record<string, RegExp[]>

/** URLs that each of some models reads by itself; others are downloaded by the AI SDK. */
export async function commonUrls(all: readonly (PromiseLike<Urls> | Urls)[]): Promise<Urls> {
  const [first = {}, ...others] = await Promise.all(all.map(async (urls) => urls))
  return others.reduce(common, first)
}

/** Patterns for a kind of file that both have, be it for all kinds in one of them. */
function common(one: Urls, other: Urls): Urls {
  const both: Urls = {}
  for (const [kind, patterns] of Object.entries(one))
    for (const [otherKind, others] of Object.entries(other)) {
      const narrower = covers(otherKind, kind) ? kind : covers(kind, otherKind) ? otherKind : undefined
      const known = new Set(others.map(String))
      const shared = patterns.filter((pattern) => known.has(String(pattern)))
      if (narrower !== undefined && shared.length > 0) both[narrower] = [...(both[narrower] ?? []), ...shared]
    }
  return both
}

const covers = (wide: string, kind: string): boolean =>
  wide === kind || wide === '*' || wide === '*/*' || (wide.endsWith('/*') && kind.startsWith(wide.slice(0, -1)))
