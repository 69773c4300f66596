import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { CLIENT_LEFT, type DecisionRecord } from '../../src/cascade/record.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { decisionLog } from '../../src/gateway/decision-log.ts'
import { inFolder } from '../support/files.ts'
import { startGateway } from '../support/gateway.ts'
import { oddityOf } from '../support/load-faults.ts'
import { mannerOf, manyAsker, markerOf, numberIn, wordsOf, type Fate } from '../support/load.ts'
import { upstream, type Said, type UpstreamAsked } from '../support/upstream.ts'

const REQUESTS = 20_000
const AT_ONCE = 64
/** After each of them, memory is looked at. */
const WINDOWS = 8
const MOST_GROWTH = 2 * 2 ** 20

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** What cannot be let go of; some of it is let go of a little later. */
async function inUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

const folder = inFolder('load')
function* lines(): Generator<DecisionRecord> {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.jsonl')))
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n'))
      if (line !== '') yield JSON.parse(line) as DecisionRecord
}

async function scene() {
  let leave = (_: number) => {}
  const script =
    (stage: 'small' | 'large') =>
    ({ body }: UpstreamAsked): Said => {
      const n = numberIn(body)
      const { at, fault, leaves } = oddityOf(n)
      if (leaves === 'asked') leave(n)
      // Whether the large model fails is found out by asking it.
      const sure = stage === 'large' || (mannerOf(n).sure && at !== 'large')
      const said = { words: wordsOf(stage, n, sure ? -0.1 : -2), tokensAnEvent: fault === undefined ? 3 : 1 }
      return at === stage || leaves !== undefined ? { ...said, ...fault } : said
    }
  const [small, large] = [await upstream(script('small'), false), await upstream(script('large'), false)]
  const log = decisionLog({ folder, fileMb: 4, files: 100, onNotice: (text) => expect.fail(text) })
  const gateway = await startGateway({
    small: small.url,
    large: large.url,
    policy: keepWhen([{ signal: 'mean_logprob_at_2', atLeast: -1 }]),
    model: { firstByteTimeoutMs: 1000, idleTimeoutMs: 1000, timeoutMs: 1500, maxAnswerBytes: 2 ** 18 },
    limits: { places: AT_ONCE, queue: AT_ONCE },
    options: { texts: true, onRecord: (record) => log.write(record) },
  })
  const asker = manyAsker(gateway.origin, AT_ONCE)
  leave = asker.leave
  return { ...gateway, ...asker, log }
}

test(`${REQUESTS} requests, one in ten with a fault, have one answer or one clear error each, and a line in the log`, async () => {
  const { ask, close, gateway, log, faults } = await scene()
  const fates: Partial<Record<Fate, number>> = {}
  // Held in a way that takes no memory to speak of.
  const [ids, statuses] = [new Int32Array(REQUESTS).fill(-1), new Int16Array(REQUESTS)]
  const wrong: string[] = []
  const used: number[] = []
  let next = 0
  const worker = async (until: number) => {
    while (next < until) {
      const n = next++
      const one = await ask(n)
      ids[n] = one.id
      statuses[n] = one.status
      fates[one.fate] = (fates[one.fate] ?? 0) + 1
      if (one.wrong !== undefined) wrong.push(one.wrong)
    }
  }
  for (let window = 1; window <= WINDOWS; window++) {
    const until = (REQUESTS * window) / WINDOWS
    await Promise.all(Array.from({ length: AT_ONCE }, () => worker(until)))
    await expect.poll(() => gateway.inFlight(), { timeout: 5000 }).toBe(0)
    used.push(await inUse())
  }
  await close()
  await log.close()

  expect(wrong).toEqual([])
  expect([faults, log.dropped()]).toEqual([[], 0])
  // Everything that can become of a request has become of some.
  const often = { answered: REQUESTS / 2, refused: 100, 'broken off': 50, left: 50 }
  for (const [fate, least] of Object.entries(often))
    expect([fate, fates[fate as Fate]]).toEqual([fate, expect.toSatisfy((count) => count >= least)])
  const seen = new Set<number>()
  let count = 0
  for (const { id, question, status, outcome, calls, stream } of lines()) {
    count++
    const n = numberIn(JSON.stringify(question))
    seen.add(n)
    // It may have left when all was over.
    if (statuses[n] !== CLIENT_LEFT) expect([n, id]).toEqual([n, `id-${ids[n]}`])
    else expect([n, outcome]).toEqual([n, expect.stringMatching(/^(?:aborted|failed)$/)])
    if (!stream && statuses[n] !== CLIENT_LEFT) expect([n, status]).toEqual([n, statuses[n]])
    for (const { stage, answer = '' } of calls)
      expect(`${stage} ${markerOf(n)} and so on.`.startsWith(answer.replace(/^(\w+ )\1+/, '$1'))).toBe(true)
  }
  expect([count, seen.size]).toEqual([REQUESTS, REQUESTS])
  expect(median(used.slice(-3)) - median(used.slice(1, 4))).toBeLessThan(MOST_GROWTH)
}, 300_000)
