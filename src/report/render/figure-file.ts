import type { FigureName } from '../charts/names.ts'
import type { FigureData } from '../figures/figure-data.ts'
import type { FileKind } from './file-kinds.ts'
import { pdf } from './pdf.ts'
import { outlined, png } from './resvg.ts'
import type { Inches } from './size.ts'
import { chartSvg, type ChartChoice } from './svg.ts'

/** Which figure, and as what file. */
export interface FigureFile extends ChartChoice {
  figure: FigureName
  kind: FileKind
  size: Inches
  /** Of a PNG. */
  dpi: number
}

/** A figure as the contents of a file that looks the same everywhere. */
export async function figureFile(
  data: FigureData,
  { figure, kind, size, dpi, ...choice }: FigureFile,
): Promise<string | Uint8Array> {
  const svg = chartSvg(figure, data, size, choice)
  if (kind === 'png') return png(svg, dpi)
  const outlines = await outlined(svg, size)
  return kind === 'svg' ? `${outlines}\n` : pdf(outlines, size, `${data.about.title}: ${figure}`)
}
