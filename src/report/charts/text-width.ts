/** Widths of letters in tenths of the size of the font, of a sans serif of middling width. */
const widths: [RegExp, number][] = [
  [/[ijl.,:;'|!()[\]]/, 2.9],
  [/[frt −-]/, 3.7],
  [/[mwMW%@→]/, 8.4],
  [/[A-Z≥≤Δ]/, 6.2],
]

/** About how wide a text is: no document can measure it everywhere, and a legend has to know. */
export function textWidth(text: string, fontSize: number): number {
  let tenths = 0
  for (const letter of text) tenths += widths.find(([letters]) => letters.test(letter))?.[1] ?? 5.3
  return (tenths * fontSize) / 10
}
