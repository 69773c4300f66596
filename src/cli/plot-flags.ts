import { InvalidArgumentError } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import type { Direction } from '../core/signals/signals.ts'
import type { FileKind } from '../report/render/file-kinds.ts'
import type { Inches } from '../report/render/size.ts'
import { collectSignal, parseNumber } from './options.ts'

/** The signal that is shown, and columns that are signals. */
export interface SignalFlag {
  shown?: string
  columns?: Record<string, Direction>
}

/** `NAME` is shown; `NAME:higher` and `NAME:lower` make a column a signal. */
export function collectShown(text: string, earlier: SignalFlag = {}): SignalFlag {
  if (/:(?:higher|lower)$/.test(text)) return { ...earlier, columns: collectSignal(text, earlier.columns) }
  if (earlier.shown !== undefined && earlier.shown !== text)
    throw new InvalidArgumentError(`A figure shows one signal, and ${earlier.shown} is named already.`)
  return { ...earlier, shown: text }
}

/** Smaller figures have no room for their words. */
const LEAST: Inches = { width: 3, height: 2 }
const MOST = 40

/** `3.3x2.4`, in inches. */
export function parseSize(text: string): Inches {
  const [, width, height] = /^\s*([\d.]+)\s*[x×]\s*([\d.]+)\s*$/.exec(text) ?? []
  const size = { width: Number(width), height: Number(height) }
  const fits = (value: number, least: number) => value >= least && value <= MOST
  if (!fits(size.width, LEAST.width) || !fits(size.height, LEAST.height))
    throw new InvalidArgumentError(
      `Expected inches such as 3.3x2.4: at least ${LEAST.width} wide and ${LEAST.height} high, at most ${MOST}.`,
    )
  return size
}

export function parseDpi(text: string): number {
  const dpi = parseNumber(text)
  if (!Number.isInteger(dpi) || dpi < 36 || dpi > 2400)
    throw new InvalidArgumentError('Expected a whole number of dots per inch, from 36 to 2400.')
  return dpi
}

/** More dots than this no renderer should be asked for. */
const MOST_PIXELS = 1e8

/** @throws SpillwayError `usage` where a picture would not fit into memory */
export function checkPixels(kind: FileKind, { width, height }: Inches, dpi: number): void {
  const pixels = width * height * dpi * dpi
  if (kind === 'png' && pixels > MOST_PIXELS)
    throw new SpillwayError(
      'usage',
      `--size ${width}x${height} at ${dpi} dots per inch is ${Math.round(pixels / 1e6)} million dots; at most ${MOST_PIXELS / 1e6} million: lower --dpi, or write .svg or .pdf`,
    )
}
