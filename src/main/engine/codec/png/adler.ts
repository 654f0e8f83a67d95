/** Adler-32, the check sum of a zlib stream (RFC 1950), of parts that are put together. */
export interface Adler {
  /** 1 + the sum of the bytes, modulo 65,521. */
  a: number
  /** The sum of all the `a` on the way, modulo 65,521. */
  b: number
  /** How many bytes. */
  length: number
}

const modulus = 65_521
/** The most bytes after which `b` is still a whole number of 32 bits. */
const stretch = 5552

export const adlerOfNothing: Adler = { a: 1, b: 0, length: 0 }

export function adlerOf(bytes: Uint8Array): Adler {
  let [a, b] = [1, 0]
  for (let from = 0; from < bytes.length; from += stretch) {
    const to = Math.min(bytes.length, from + stretch)
    for (let i = from; i < to; i++) {
      a += bytes[i] as number
      b += a
    }
    a %= modulus
    b %= modulus
  }
  return { a, b, length: bytes.length }
}

/** That of the bytes of `first` and then those of `second`. */
export function joinedAdler(first: Adler, second: Adler): Adler {
  const before = first.a + modulus - 1 // what every `a` of the second lacks
  return {
    a: (before + second.a) % modulus,
    b: (first.b + second.b + (second.length % modulus) * before) % modulus,
    length: first.length + second.length,
  }
}

/** The 32 bits as they stand in a file. */
export const valueOf = ({ a, b }: Adler): number => b * 65_536 + a
