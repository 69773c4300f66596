import { bareLabel, labelText } from './label-text.ts'
import type { LabelWords } from './label-sets.ts'
import { wholeWords } from './whole-words.ts'

/** One place in a text where a label is said. */
interface Mention {
  label: string
  start: number
  end: number
}

const article = '(?:an?|the|in|any)'
const adverb = '(?:really|actually|necessarily|clearly|directly|strictly|exactly|quite|definitely|probably|likely)'
const negation = new RegExp(
  String.raw`(?:\b(?:not|never|non|no|nor|neither|cannot|without)|n't)(?:\s+(?:${article}|${adverb}|be|is|it))*\s*$`,
)
const announcement = new RegExp(
  String.raw`\b(?:answer|label|verdict|conclusion|classification|prediction|relation(?:ship)?)` +
    String.raw`(?:\s+(?:is|would be|should be))?\s*[:=]?\s*(?:(?:not|${article}|${adverb})\s+)*[("']*$`,
)
const joined = /^["')]*\s*(?:(?:,\s*)?(?:and\/or|or|nor|and|vs\.?|versus)|[,/|])\s*(?:(?:an?|the|in)\s+)?["'(]*$/

/** How far back the words that announce or negate a label are looked for, characters. */
const REACH = 60

/**
 * The label an answer decides for. An answer that equals one way to say a label is that label. Otherwise labels are
 * looked for as whole words, and of those
 * - an enumeration ("entailment, contradiction or neutral", "yes/no") decides nothing;
 * - a negated one ("not entailment", "isn't true") is the other label of a set of two, else it decides nothing;
 * - the last announced one ("the answer is …", "Label: …") goes before the first.
 * "No, it is not" is "no"; "no doubt", "no question", "no idea" and "no matter" are none. No decision: `undefined`.
 */
export function readLabel(answer: string, words: LabelWords): string | undefined {
  const whole = words.get(labelText(answer)) ?? words.get(bareLabel(answer))
  if (whole !== undefined) return whole
  const text = labelText(answer)
  const labels = [...new Set(words.values())]
  let first: string | undefined
  let announced: string | undefined
  for (const { label, start } of outsideEnumerations(text, mentions(text, words))) {
    const before = text.slice(Math.max(0, start - REACH), start)
    const decided = !negation.test(before) ? label : labels.length === 2 ? labels.find((l) => l !== label) : undefined
    first ??= decided
    if (announcement.test(before)) announced = decided ?? announced
  }
  return announced ?? first
}

/** Where labels are said. */
const mentions = (text: string, words: LabelWords): Mention[] =>
  wholeWords(text, [...words.keys()]).flatMap(({ word, start, end }) => {
    const label = words.get(word)
    const idiom = word === 'no' && /^ (?:doubt|question|idea|matter)\b/.test(text.slice(end, end + 10))
    return label === undefined || idiom ? [] : [{ label, start, end }]
  })

/** The mentions that are not part of a list of different labels. Commas alone ("yes, no doubt") make no list. */
function outsideEnumerations(text: string, all: readonly Mention[]): Mention[] {
  const lists: Mention[][] = []
  for (const mention of all) {
    const list = lists.at(-1)
    const previous = list?.at(-1)
    if (list !== undefined && previous !== undefined && joined.test(text.slice(previous.end, mention.start)))
      list.push(mention)
    else lists.push([mention])
  }
  return lists.flatMap((list) => {
    const gaps = list.slice(1).map((mention, i) => text.slice(list[i].end, mention.start))
    const several = new Set(list.map(({ label }) => label)).size > 1
    return several && gaps.some((gap) => /[/|]|\w/.test(gap)) ? [] : list
  })
}
