import { median, type Figures } from './figures.ts'
import { askedOn, KEEP, PASS_THROUGH, type Path } from './paths.ts'
import { measure, taken, type Plan, type Workers } from './rounds.ts'

export const LONG_CHARS = 200_000

/** What a prompt of 200,000 characters takes longer than a short one, ms, one request at a time. */
export interface LongPrompt {
  keep: number
  passThrough: number
}

export async function measureLongPrompt(workers: Workers, { rounds, most, ms }: Plan): Promise<LongPrompt> {
  const asked = [PASS_THROUGH, KEEP].flatMap((path) => [
    { path, promptChars: 1000 },
    { path, promptChars: LONG_CHARS },
  ])
  const measured = await taken(asked, rounds, ({ path, promptChars }) =>
    measure(workers, path, { ...askedOn(path, 'JSON', promptChars), concurrency: 1, most, ms }),
  )
  const longer = (path: Path): number => {
    const [short, long] = asked.filter((each) => each.path === path).map((each): Figures[] => measured.get(each)!)
    return median(long.map(({ p50 }, i) => p50 - short[i].p50))
  }
  return { keep: longer(KEEP), passThrough: longer(PASS_THROUGH) }
}
