import { choiceText } from './choice-text.ts'
import { wholeWords } from './whole-words.ts'

const bare = /^[\s("'[]*(?:\\boxed\{)?([A-Za-z])[)\]}.:"']*\s*$/
// "B or C", "(a) and (b)": what follows the first letter.
const another =
  String.raw`[)\].:"']{0,3}\s{0,4}(?:,|or|and|&|/)\s{0,4}["']?` +
  String.raw`(?:[([][A-Za-z][)\]]|[A-HJ-Z](?![\p{L}\p{N}']))`
const leading = new RegExp(String.raw`^[\s([]*([A-Za-z])(?!${another})(?:[)\]]|[.:](?=\s|$)|\s+[-–—]\s)`, 'u')
const bracketed = /[([]([A-Za-z])[)\]]/g
// "A" and "I" are also words: the one counts in brackets or before a pause, the other in brackets.
const capital =
  /(?<![\p{L}\p{N}'])(?:([B-HJ-Z])(?![\p{L}\p{N}'])|(A)(?=\s*(?:[.,;:!?)\]&/]|or\b|and\b|$))|(?<=[([])(I)(?=[)\]]))/gu

const noun = '(?:[Aa]nswer|ANSWER|[Cc]hoice|[Oo]ption)'
const announcement = String.raw`(?:\b${noun}(?:\s+(?:is|would be|should be))?\s{0,4}:?|\\boxed\{)\s{0,4}`
const announcedText = new RegExp(String.raw`${announcement}([^\n]+)`, 'g')
// A small letter needs an end after it, for "the answer is a dog" names no letter; nor does "Answer: I think".
const announcedLetter = new RegExp(
  String.raw`${announcement}(?:${noun}\s+)?["'([]{0,3}` +
    String.raw`(?:(?!I\s+[a-z])([A-Z])(?![\p{L}\p{N}']|${another})` +
    String.raw`|([a-z])(?!${another})(?=[)\]}.,;:!?"']|\s{0,4}(?:\n|$)))`,
  'gu',
)

/**
 * The choice an answer makes, as a 0-based index below `count`. The first of these steps that finds one decides: the
 * whole answer is a letter ("B", "(b).", "**B**") or the text of a choice; it announces one ("Answer: B", "the answer
 * is (b)"; the last counts); it begins with a letter ("B. Paris", "b) Paris"); it has one letter in brackets; it has
 * the text of one choice; it has one capital on its own. Two different choices are none: "Paris or London", "the answer
 * is B or C". No decision: `undefined`.
 */
export function readChoice(answer: string, choices: readonly string[], count: number): number | undefined {
  const texts = choices.map(choiceText)
  const letterIn = (letter = '') => below(letter.toUpperCase().charCodeAt(0) - 'A'.charCodeAt(0), count)
  const lettersIn = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map((match) => letterIn(match[1] ?? match[2] ?? match[3]))
  const textIn = (said: string) => (choiceText(said) === '' ? undefined : below(texts.indexOf(choiceText(said)), count))
  const alone = (said: string) => letterIn(bare.exec(said)?.[1]) ?? textIn(said)

  const text = answer
    .normalize('NFKC')
    .replaceAll(/[*_`$]+/g, '')
    .replaceAll('’', "'")
  return (
    alone(text) ??
    // "A: B" answers a "Q:" with B.
    alone(text.replace(/^\s*A:/, '')) ??
    [...text.matchAll(announcedText)].map(([, said]) => textIn(said)).findLast((at) => at !== undefined) ??
    lettersIn(announcedLetter).findLast((at) => at !== undefined) ??
    letterIn(leading.exec(text)?.[1]) ??
    single(lettersIn(bracketed)) ??
    single(wholeWords(choiceText(answer), texts).map(({ word }) => below(texts.indexOf(word), count))) ??
    single(lettersIn(capital))
  )
}

const below = (index: number, count: number): number | undefined => (index >= 0 && index < count ? index : undefined)

/** The one value of a list; none, or several different ones: `undefined`. */
function single(found: readonly (number | undefined)[]): number | undefined {
  const different = new Set(found.filter((at) => at !== undefined))
  return different.size === 1 ? [...different][0] : undefined
}
