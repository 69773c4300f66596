import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg, type ResvgRenderOptions } from '@resvg/resvg-wasm'
import { withResolution } from './png-resolution.ts'
import { rimsApart } from './rims.ts'
import { PIXELS_PER_INCH, type Inches } from './size.ts'

const require = createRequire(import.meta.url)
const FAMILY = 'Source Sans 3'
const fontFiles = ['latin', 'latin-ext', 'greek'].flatMap((subset) =>
  [400, 600].map((weight) => `@fontsource/source-sans-3/files/source-sans-3-${subset}-${weight}-normal.woff2`),
)

let started: Promise<Uint8Array[]> | undefined

/** Starts the renderer and reads the letters, once. */
const letters = (): Promise<Uint8Array[]> => (started ??= start())

async function start(): Promise<Uint8Array[]> {
  const files = ['@resvg/resvg-wasm/index_bg.wasm', ...fontFiles].map((path) => require.resolve(path))
  const [wasm, ...fonts] = await Promise.all(files.map((path) => readFile(path)))
  await initWasm(wasm)
  return fonts
}

/** Opens an SVG with the project's own letters, whatever the machine has, and lets go of it after. */
async function withImage<T>(svg: string, options: ResvgRenderOptions, use: (image: Resvg) => T): Promise<T> {
  const font = {
    fontBuffers: await letters(),
    loadSystemFonts: false,
    defaultFontFamily: FAMILY,
    sansSerifFamily: FAMILY,
  }
  const image = new Resvg(svg, { ...options, font })
  try {
    return use(image)
  } finally {
    image.free()
  }
}

type Resvg = InstanceType<typeof Resvg>

/** An SVG with its letters turned into outlines, so that it looks the same wherever it is opened. */
export const outlined = (svg: string, { width, height }: Inches): Promise<string> =>
  withImage(svg, {}, (image) =>
    shortPaths(rimsApart(image.toString())).replace(
      /^<svg width="[^"]*" height="[^"]*"/,
      `<svg width="${width}in" height="${height}in"`,
    ),
  )

/** Places to a hundredth of a pixel: a quarter of a dot at 2,400 dots per inch, in half the file. */
const shortPaths = (svg: string): string =>
  svg.replaceAll(/ d="[^"]*"/g, (path) =>
    path.replaceAll(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(2)))),
  )

/** An SVG as a PNG of so many dots per inch. */
export const png = (svg: string, dpi: number): Promise<Uint8Array> =>
  withImage(svg, { fitTo: { mode: 'zoom', value: dpi / PIXELS_PER_INCH } }, (image) => {
    const rendered = image.render()
    try {
      return withResolution(rendered.asPng(), dpi)
    } finally {
      rendered.free()
    }
  })
