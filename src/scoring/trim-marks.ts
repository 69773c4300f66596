/** A text without the given characters at its ends. A loop, since a regular expression for the end takes n² steps. */
export function trimMarks(text: string, marks: string): string {
  let [start, end] = [0, text.length]
  while (start < end && marks.includes(text[start])) start++
  while (end > start && marks.includes(text[end - 1])) end--
  return text.slice(start, end)
}
