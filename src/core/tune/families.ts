import { SpillwayError } from '../errors.ts'
import { findColumn, type Outcomes } from '../outcomes/outcomes.ts'
import { distinctSignals, measuredSignals, type Family } from './family.ts'
import { isotonicFamily, splineFamily } from './learned-family.ts'
import { peerFamily, peerNames } from './peer-family.ts'
import { jointFamily, thresholdFamily } from './threshold-family.ts'

/** Families by the words that ask for several at once. */
const sets = {
  threshold: (outcomes: Outcomes) => distinctSignals(outcomes).map(({ name }) => thresholdFamily(name)),
  joint: (outcomes: Outcomes) => (measuredSignals(outcomes).length > 1 ? [jointFamily()] : []),
  learned: () => [splineFamily(false), splineFamily(true), isotonicFamily()],
  peers: () => peerNames.map((name) => peerFamily(name)),
} satisfies Record<string, (outcomes: Outcomes) => Family[]>

/**
 * The families that a list of words asks for: `all`, `threshold`, `joint`, `learned`, `peers`; a signal; two signals
 * `a+b`; `spline`, `spline-monotone`, `isotonic`, `isotonic:SIGNAL`; a peer, or `PEER:SIGNAL`.
 * @throws SpillwayError `usage` where a word means nothing
 */
export function familiesOf(outcomes: Outcomes, words: readonly string[]): Family[] {
  const found = words.flatMap((word) => named(outcomes, word.trim()))
  return found.filter(({ name }, i) => found.findIndex((each) => each.name === name) === i)
}

function named(outcomes: Outcomes, word: string): Family[] {
  if (word === 'all') return Object.values(sets).flatMap((make) => make(outcomes))
  if (Object.hasOwn(sets, word)) return sets[word as keyof typeof sets](outcomes)
  if (findColumn(outcomes, word) !== undefined) return [thresholdFamily(word)]
  const colon = word.indexOf(':')
  const [rule, signal] = colon < 0 ? [word] : [word.slice(0, colon), word.slice(colon + 1)]
  if (signal !== undefined) requireSignal(outcomes, signal, word)
  const peer = peerNames.find((name) => name === rule)
  if (peer !== undefined) return [peerFamily(peer, signal)]
  if (rule === 'isotonic') return [isotonicFamily(signal)]
  if (word === 'spline' || word === 'spline-monotone') return [splineFamily(word === 'spline-monotone')]
  const pair = word.split('+')
  if (pair.length === 2) {
    for (const name of pair) requireSignal(outcomes, name, word)
    if (pair[0] === pair[1]) throw new SpillwayError('usage', `policies ${word}: a pair takes two different signals`)
    return [jointFamily([pair[0], pair[1]])]
  }
  const signals = outcomes.signals.map(({ name }) => name)
  throw new SpillwayError(
    'usage',
    `no policies called ${JSON.stringify(word)}; there are all, ${Object.keys(sets).join(', ')}, spline, spline-monotone, isotonic, ${peerNames.join(', ')}, two signals as a+b, and the signals ${signals.join(', ')}`,
  )
}

function requireSignal(outcomes: Outcomes, name: string, word: string): void {
  if (findColumn(outcomes, name) !== undefined) return
  const signals = outcomes.signals.map((signal) => signal.name).join(', ')
  throw new SpillwayError('usage', `policies ${word}: no signal ${name}; the data have ${signals}`)
}
