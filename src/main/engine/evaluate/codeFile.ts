/**
 * Codes as a file: quantised uniformly, entropy-coded, closed by a checksum.
 *
 * `LDC1`, count u32, latent u16, then for each latent its middle and its step (float32), the range coder's stream, and
 * the CRC-32 of all before; little-endian. Number j of a code is round((zⱼ − middleⱼ)/stepⱼ), with a model of its own.
 */
import { crc32 } from '../codec/png/chunks'
import { DarkroomError } from '../../../shared/errors'
import { codeNumber, newModel, RangeDecoder, RangeEncoder } from './rangeCoder'

const MAGIC = 'LDC1'
const HEAD = 10
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
  const check = Buffer.alloc(4)
  check.writeUInt32LE(crc32(body))
  return new Uint8Array(Buffer.concat([body, check]))
}

/**
 * The codes of a file, as the quantiser left them.
 * @throws DarkroomError `data-damaged` for bytes that {@link encodeCodes} did not write
 */
export function decodeCodes(given: Uint8Array, file: string): Float32Array {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const damaged = (): DarkroomError =>
    new DarkroomError('data-damaged', `${file} is damaged`, { file, reason: 'checksum' })
  const end = bytes.length - 4
  if (end < HEAD || bytes.toString('latin1', 0, 4) !== MAGIC) throw damaged()
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw damaged()
  const [count, latent] = [bytes.readUInt32LE(4), bytes.readUInt16LE(8)]
  const stream = HEAD + 8 * latent
  if (stream > end) throw damaged()
  const decoder = new RangeDecoder(bytes.subarray(stream, end))
  const models = Array.from({ length: latent }, newModel)
  return Float32Array.from({ length: count * latent }, (_, i) => {
    const j = i % latent
    const number = codeNumber(decoder, models[j] as Uint16Array, 0)
    const step = bytes.readFloatLE(HEAD + 8 * j + 4)
    return bytes.readFloatLE(HEAD + 8 * j) + number * step
  })
}
