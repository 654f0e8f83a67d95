import { Unzlib } from 'fflate'
import { damaged } from './refusals'

/** Compressed bytes given to the inflater at a time. One byte makes at most 1,032, so a step makes at most 32 MiB. */
const step = 32 * 1024

/** Deflate makes at most this many bytes from one. */
export const largestDeflateRatio = 1032

/**
 * Inflates zlib data given in parts and hands the output on as it comes, at most `limit` bytes; the rest
 * of a stream that holds more is never made. JavaScript (fflate) on purpose: hostile bytes meet no native
 * code, and the same bytes give the same answer in every runtime.
 * @returns how many bytes were handed on (less than `limit` when the stream is too short)
 * @throws 'image-damaged' when the data are no zlib stream
 */
export function inflateBounded(
  parts: Iterable<Uint8Array>,
  limit: number,
  receive: (bytes: Uint8Array) => void,
): number {
  let received = 0
  const inflater = new Unzlib((bytes) => {
    const wanted = bytes.subarray(0, limit - received)
    received += wanted.length
    if (wanted.length > 0) receive(wanted)
  })
  const push = (bytes: Uint8Array): void => {
    try {
      inflater.push(bytes)
    } catch (error) {
      // what the receiver refuses is its own matter; the inflater throws errors with a numeric code
      if (error instanceof Error && typeof (error as { code?: unknown }).code === 'number') {
        throw damaged(`its compressed data are wrong (${error.message})`, error)
      }
      throw error
    }
  }
  for (const part of parts) {
    for (let at = 0; at < part.length; at += step) {
      if (received >= limit) return received
      push(part.subarray(at, at + step))
    }
  }
  return received
}

/**
 * Inflates one zlib stream of unknown size up to `limit` bytes.
 * @throws 'image-damaged' when it holds more, or is no zlib stream
 */
export function inflateAtMost(data: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = []
  const length = inflateBounded([data], limit + 1, (bytes) => parts.push(bytes))
  if (length > limit) throw damaged(`a part of it inflates to more than ${limit} bytes`)
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
