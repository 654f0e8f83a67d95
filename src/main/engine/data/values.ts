/** Bytes of images as the numbers that networks see. */

/** Bytes as numbers from 0 to 1. */
export function valuesOf(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) values[i] = (bytes[i] as number) / 255
  return values
}

/** The rows of `size` bytes each at the given places, one after the other, as numbers from 0 to 1. */
export function valuesAt(bytes: Uint8Array, size: number, places: ArrayLike<number>): Float32Array {
  const values = new Float32Array(places.length * size)
  for (let i = 0; i < places.length; i++) {
    const from = (places[i] as number) * size
    for (let k = 0; k < size; k++) values[i * size + k] = (bytes[from + k] as number) / 255
  }
  return values
}
