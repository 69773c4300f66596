// Python's `string.punctuation`. Dashes, quotes and dots beyond ASCII are not in it and stay.
const punctuation = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g

/** Lower case without ASCII punctuation; the letters on both sides of a mark close up ("well-known" is "wellknown"). */
export const plainText = (text: string): string => text.toLowerCase().replaceAll(punctuation, '')
