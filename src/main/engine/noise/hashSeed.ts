/**
 * The noise seed of one image among many, hash(seed, file name) (`principles.md`, 'Measures'): every image of
 * a set gets its own noise, whatever the order. FNV-1a (Fowler, Noll, Vo; 32 bits, public domain) over the
 * seed's eight bytes, lowest first, and the name's UTF-8.
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @returns a whole number from 0 to 2³² − 1
 */
export function hashSeed(seed: number, name: string): number {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seed), true)
  let hash = 0x811c9dc5
  for (const byte of [...bytes, ...new TextEncoder().encode(name)]) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return hash >>> 0
}
