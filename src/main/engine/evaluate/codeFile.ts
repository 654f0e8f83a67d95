/**
 * Codes as a file: quantised uniformly, entropy-coded, closed by a checksum.
 *
 * `LDC1`, count u32, latent u16, then for each latent its middle and its step (float32), the range coder's stream, and
 * the CRC-32 of all before; little-endian. Number j of a code is round((zⱼ − middleⱼ)/stepⱼ), with a model of its own.
 */
import { crc32 } from '../codec/png/chunks'
import { DarkroomError } from '../../../shared/errors'
import { codeNumber, mostBits, newModel, RangeDecoder, RangeEncoder } from './rangeCoder'

const MAGIC = 'LDC1'
const HEAD = 10
const CHECK = 4
/** Beyond what the coder takes; a code so far off is clipped. */
const LARGEST = 2 ** 22

export interface Quantiser {
  /** Of each latent. */
  middles: Float32Array
  steps: Float32Array
}

/** Codes [count, latent] as a file's bytes. Steps are above 0. */
export function encodeCodes(codes: Float32Array, { middles, steps }: Quantiser): Uint8Array {
  const latent = steps.length
  const count = codes.length / latent
  const encoder = new RangeEncoder()
  const models = Array.from({ length: latent }, newModel)
  for (let i = 0; i < codes.length; i++) {
    const j = i % latent
    const place = ((codes[i] as number) - (middles[j] as number)) / (steps[j] as number)
    const number = Math.max(-LARGEST, Math.min(LARGEST, Math.round(place)))
    codeNumber(encoder, models[j] as Uint16Array, number)
  }
  const head = Buffer.alloc(HEAD + 8 * latent)
  head.write(MAGIC, 'latin1')
  head.writeUInt32LE(count, 4)
  head.writeUInt16LE(latent, 8)
  for (let j = 0; j < latent; j++) {
    head.writeFloatLE(middles[j] as number, HEAD + 8 * j)
    head.writeFloatLE(steps[j] as number, HEAD + 8 * j + 4)
  }
  const body = Buffer.concat([head, encoder.finish()])
  const check = Buffer.alloc(CHECK)
  check.writeUInt32LE(crc32(body))
  return new Uint8Array(Buffer.concat([body, check]))
}

type CodeFault = 'codes-magic' | 'codes-short' | 'codes-checksum' | 'codes-absurd'

/**
 * The codes of a file, as the quantiser left them. What a file may ask for in memory is in proportion to its length.
 * @param file names the bytes in errors
 * @throws DarkroomError `data-damaged` for bytes that {@link encodeCodes} did not write, with what is wrong as `reason`:
 *   `codes-magic` another kind of file, `codes-short` cut off, `codes-checksum` changed on its way, `codes-absurd` whole,
 *   but its numbers cannot be
 */
export function decodeCodes(given: Uint8Array, file: string): Float32Array {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const damaged = (reason: CodeFault): DarkroomError =>
    new DarkroomError('data-damaged', `${file} is no sound file of codes: ${reason}`, {
      file,
      reason,
    })
  const start = bytes.toString('latin1', 0, MAGIC.length)
  if (start !== MAGIC.slice(0, bytes.length)) throw damaged('codes-magic')
  const end = bytes.length - CHECK
  if (end < HEAD) throw damaged('codes-short')
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw damaged('codes-checksum')
  const [count, latent] = [bytes.readUInt32LE(4), bytes.readUInt16LE(8)]
  const stream = HEAD + 8 * latent
  if (stream > end || count * latent > mostBits(end - stream)) throw damaged('codes-absurd')
  const quantiser = Array.from({ length: latent }, (_, j) => ({
    middle: bytes.readFloatLE(HEAD + 8 * j),
    step: bytes.readFloatLE(HEAD + 8 * j + 4),
    model: newModel(),
  }))
  if (
    !quantiser.every(({ middle, step }) => Number.isFinite(middle) && step > 0 && step < Infinity)
  )
    throw damaged('codes-absurd')
  const decoder = new RangeDecoder(bytes.subarray(stream, end))
  const codes = new Float32Array(count * latent)
  for (let i = 0; i < codes.length; i++) {
    const { middle, step, model } = quantiser[i % latent] as (typeof quantiser)[number]
    codes[i] = middle + codeNumber(decoder, model, 0) * step
  }
  if (!decoder.finished) throw damaged('codes-absurd')
  return codes
}
