import { plainText } from './plain-text.ts'
import { words } from './words.ts'

// Python's `\b` knows the letters of every script; JavaScript's knows ASCII alone and would cut the "a" off "año".
const article = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu

/**
 * The words of a text after SQuAD's normalisation: lower case, no ASCII punctuation, no English articles, single
 * spaces. Nothing left: an empty list. (Rajpurkar et al. 2016, `normalize_answer` of the official script)
 */
export const squadWords = (text: string): string[] => words(plainText(text).replaceAll(article, ' '))
