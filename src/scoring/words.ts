// As Python's `str.split()`, by which both F1 scores are defined: unlike `\s` it splits at the four ASCII separators
// and at U+0085, and not at a byte order mark.
// oxlint-disable-next-line no-control-regex
const space = /[\p{White_Space}\u{1C}-\u{1F}]+/u

/** The words between white space; none: an empty list. */
export const words = (text: string): string[] => text.split(space).filter((word) => word !== '')
