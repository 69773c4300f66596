import { trimMarks } from './trim-marks.ts'

/** How the texts of choices are compared: without markup and outer punctuation, in lower case, with single spaces. */
export const choiceText = (text: string): string =>
  trimMarks(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[*_`]+/g, '')
      .replaceAll(/\s+/g, ' '),
    ` "'“”‘’.,;:!?()[]`,
  )
