import { trimMarks } from './trim-marks.ts'

/** How labels are compared: lower case, straight quotes, no markup, hyphens and underscores as single spaces. */
export const labelText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[*_`"“”«»‐-―−-]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** The same without punctuation at its ends. */
export const bareLabel = (text: string): string => trimMarks(labelText(text), " .,;:!?()[]{}'")
