import { CLIENT_LEFT } from '../cascade/record.ts'
import { HttpError } from './http-error.ts'

/**
 * Reads the body of a request, counting its bytes as they come.
 * @throws HttpError where it is longer than `most`, or its client leaves within it
 */
export async function readBody(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of body) {
      size += piece.length
      if (size > most)
        throw new HttpError({
          status: 413,
          message: `the request is longer than ${most} bytes`,
          code: 'request_too_large',
        })
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError({ status: CLIENT_LEFT, message: 'the request broke off' })
  }
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
}
