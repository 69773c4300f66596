import { once } from 'node:events'
import type PdfDocument from 'pdfkit'
import type SvgToPdf from 'svg-to-pdfkit'
import { SpillwayError } from '../../core/errors.ts'
import { POINTS_PER_INCH, type Inches } from './size.ts'

/**
 * An SVG of outlines as a PDF of one page of its size.
 * @throws SpillwayError `usage` where a package is absent
 */
export async function pdf(svg: string, inches: Inches, title: string): Promise<Uint8Array> {
  const { PDFDocument, svgToPdf } = await loadPackages()
  const [width, height] = [inches.width * POINTS_PER_INCH, inches.height * POINTS_PER_INCH]
  const document = new PDFDocument({ size: [width, height], margin: 0, info: { Title: title } })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = once(document, 'end')
  svgToPdf(document, svg, 0, 0, { width, height })
  document.end()
  await ended
  return Buffer.concat(chunks)
}

async function loadPackages(): Promise<{ PDFDocument: typeof PdfDocument; svgToPdf: typeof SvgToPdf }> {
  try {
    const [{ default: PDFDocument }, { default: svgToPdf }] = await Promise.all([
      import('pdfkit'),
      import('svg-to-pdfkit'),
    ])
    return { PDFDocument, svgToPdf }
  } catch (cause) {
    throw new SpillwayError('usage', 'PDF needs two more packages: npm install pdfkit svg-to-pdfkit', { cause })
  }
}
