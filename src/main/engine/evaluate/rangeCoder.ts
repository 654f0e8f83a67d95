/**
 * An adaptive binary range coder (Martin 1979, with carries as in LZMA): each bit is coded with the chance that its
 * context has shown so far, in −log₂ p bits. Whole numbers are coded by an adaptive Elias gamma code: whether it is zero,
 * its sign, the length of its magnitude, then the magnitude's bits.
 */
const PROBABILITY_BITS = 12
const HALF = 1 << (PROBABILITY_BITS - 1)
/** How fast a context follows what it sees. */
const RATE = 5
const TOP = 2 ** 24
/** Contexts of one model: zero, sign, lengths, and the bits below the leading one. */
const LONGEST = 24
const CONTEXTS = 2 + LONGEST + LONGEST * LONGEST

/** What has been seen of one kind of number: chances of 0 in 1/4096, by context. */
export const newModel = (): Uint16Array => new Uint16Array(CONTEXTS).fill(HALF)

/** The surest that a context becomes: from there on a step would be less than 1/4096. */
const SUREST = 2 ** PROBABILITY_BITS - 2 ** RATE + 1

/** How many bits a stream of so many bytes can hold at most: each costs −log₂ of the surest chance or more. */
export const mostBits = (bytes: number): number =>
  Math.ceil((8 * bytes) / Math.log2(2 ** PROBABILITY_BITS / SUREST))

interface BitCoder {
  /** Codes a bit, or finds out which it is. */
  bit(model: Uint16Array, context: number, bit: number): number
}

export class RangeEncoder implements BitCoder {
  #low = 0
  #range = 0xffffffff
  #cache = 0
  #pending = 1
  readonly #bytes: number[] = []

  bit(model: Uint16Array, context: number, bit: number): number {
    const chance = model[context] as number
    const bound = (this.#range >>> PROBABILITY_BITS) * chance
    if (bit === 0) {
      this.#range = bound
      model[context] = chance + (((1 << PROBABILITY_BITS) - chance) >> RATE)
    } else {
      this.#low += bound
      this.#range -= bound
      model[context] = chance - (chance >> RATE)
    }
    while (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0
      this.#shift()
    }
    return bit
  }

  #shift(): void {
    if (this.#low < 0xff000000 || this.#low >= 2 ** 32) {
      const carry = this.#low >= 2 ** 32 ? 1 : 0
      for (let byte = this.#cache; this.#pending > 0; byte = 0xff, this.#pending--)
        this.#bytes.push((byte + carry) & 0xff)
      this.#cache = Math.floor(this.#low / TOP) & 0xff
    }
    this.#pending++
    this.#low = (this.#low % TOP) * 256
  }

  /** The stream. The encoder is spent afterwards. */
  finish(): Uint8Array {
    for (let i = 0; i < 5; i++) this.#shift()
    return Uint8Array.from(this.#bytes)
  }
}

export class RangeDecoder implements BitCoder {
  #range = 0xffffffff
  #code = 0
  #at = 1 // the first byte is always 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#next()) >>> 0
  }

  /** Whether exactly the stream was read: an encoder that coded what was decoded would have ended here. */
  get finished(): boolean {
    return this.#at === this.#bytes.length
  }

  #next(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  bit(model: Uint16Array, context: number): number {
    const chance = model[context] as number
    const bound = (this.#range >>> PROBABILITY_BITS) * chance
    const bit = this.#code < bound ? 0 : 1
    if (bit === 0) {
      this.#range = bound
      model[context] = chance + (((1 << PROBABILITY_BITS) - chance) >> RATE)
    } else {
      this.#code -= bound
      this.#range -= bound
      model[context] = chance - (chance >> RATE)
    }
    while (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0
      this.#code = ((this.#code << 8) | this.#next()) >>> 0
    }
    return bit
  }
}

/** Codes a whole number of at most 2²³ in size; with a decoder `value` counts for nothing and the number comes back. */
export function codeNumber(coder: BitCoder, model: Uint16Array, value: number): number {
  if (coder.bit(model, 0, value === 0 ? 0 : 1) === 0) return 0
  const negative = coder.bit(model, 1, value < 0 ? 1 : 0)
  const magnitude = Math.abs(value)
  let length = 0
  while (
    length < LONGEST - 1 &&
    coder.bit(model, 2 + length, magnitude >> (length + 1) > 0 ? 1 : 0)
  )
    length++
  let found = 1
  for (let place = length - 1; place >= 0; place--) {
    const context = 2 + LONGEST + length * LONGEST + place
    found = 2 * found + coder.bit(model, context, (magnitude >> place) & 1)
  }
  return negative === 1 ? -found : found
}
