import pc from 'picocolors'
import type { Finding } from '../core/outcomes/findings.ts'
import { findingsText } from '../report/heading.ts'
import type { View } from '../report/text-table.ts'

/** Colour and width as the stream allows: neither where it is no terminal. */
export const viewOf = (stream: NodeJS.WriteStream): View => ({
  colors: pc.createColors(pc.isColorSupported && stream.isTTY),
  width: stream.isTTY ? Math.max(40, stream.columns) : Infinity,
})

/** Prints findings to standard error, unless the user asked for quiet. */
export function showFindings(findings: readonly Finding[], quiet: boolean | undefined): void {
  if (quiet === true || findings.length === 0) return
  process.stderr.write(`${findingsText(findings, viewOf(process.stderr))}\n`)
}
