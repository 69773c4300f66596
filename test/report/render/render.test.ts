import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { figureFile } from '../../../src/report/render/figure-file.ts'
import { rimsApart } from '../../../src/report/render/rims.ts'
import { tinyFigures } from '../../support/charts.ts'

const data = await tinyFigures(['mean_logprob', 'length'], { resamples: 20, stops: 21 })
const size = { width: 3.3, height: 2.4 }
const file = (kind: 'svg' | 'png' | 'pdf', dpi = 150) => figureFile(data, { figure: 'ibc', kind, size, dpi })

describe('a figure as a file', () => {
  test('SVG: of the size asked for, every letter an outline', async () => {
    const svg = String(await file('svg'))
    expect(svg).toMatch(/^<svg width="3.3in" height="2.4in" viewBox="0 0 316.8 230.4" xmlns=/)
    expect(svg).not.toMatch(/<text|font-family|paint-order|NaN/)
    expect(svg.match(/<path /g)!.length).toBeGreaterThan(20)
    expect(await file('svg')).toBe(svg)
  })

  test('PNG: as many dots as the resolution gives, and it says so', async () => {
    const png = Buffer.from((await file('png')) as Uint8Array)
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([495, 360])
    const chunks: string[] = []
    for (let at = 8; at < png.length;) {
      const length = png.readUInt32BE(at)
      const body = png.subarray(at + 4, at + 8 + length)
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
      chunks.push(body.toString('latin1', 0, 4))
      if (chunks.at(-1) === 'pHYs')
        expect([body.readUInt32BE(4), body.readUInt32BE(8), body[12]]).toEqual([5906, 5906, 1])
      at += length + 12
    }
    expect(chunks.slice(0, 2)).toEqual(['IHDR', 'pHYs'])
    expect(chunks.at(-1)).toBe('IEND')
  })

  test('PDF: one page of the size asked for', async () => {
    const pdf = Buffer.from((await file('pdf')) as Uint8Array).toString('latin1')
    expect(pdf).toMatch(/^%PDF-1\.\d/)
    expect(pdf).toContain('/MediaBox [0 0 237.6 172.8]')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
    expect(pdf.trimEnd()).toMatch(/%%EOF$/)
  })
})

test('a rim is drawn by itself before its letter', () => {
  const path =
    '<path fill="#111" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke" d="M 0 0"/>'
  expect(rimsApart(`<g>${path}</g>`)).toBe(
    '<g><path fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" d="M 0 0"/><path fill="#111" d="M 0 0"/></g>',
  )
  expect(rimsApart('<path fill="none" stroke="#000" d="M 0 0"/>')).toBe('<path fill="none" stroke="#000" d="M 0 0"/>')
})
