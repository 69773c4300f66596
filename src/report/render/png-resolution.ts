import { crc32 } from 'node:zlib'

const SIGNATURE_BYTES = 8
const METRE_IN_INCHES = 39.3701

/**
 * A PNG that says how many dots it has to the inch, so that it is placed at its size: the chunk `pHYs`, which stands
 * after the header chunk. (PNG 1.2, §4.2.4.2)
 */
export function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const headerEnd = SIGNATURE_BYTES + 12 + bytes.readUInt32BE(SIGNATURE_BYTES)
  const perMetre = Math.round(dpi * METRE_IN_INCHES)
  const chunk = Buffer.alloc(21)
  chunk.writeUInt32BE(9, 0)
  chunk.write('pHYs', 4, 'latin1')
  chunk.writeUInt32BE(perMetre, 8)
  chunk.writeUInt32BE(perMetre, 12)
  chunk.writeUInt8(1, 16) // to the metre
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17)
  return Buffer.concat([bytes.subarray(0, headerEnd), chunk, bytes.subarray(headerEnd)])
}
