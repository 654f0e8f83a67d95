/** Corruptions of many small images: those with JPEG in them, which no graph can hold, are made before training. */
import { setImmediate } from 'node:timers/promises'
import type { Noise, SimpleNoise } from '../../../shared/types'
import { corrupt, hashSeed } from '../noise'
import { imagesASheet, jpegSheet, type SheetShape } from './jpegSheets'
import { stopIfAborted } from './reading'

export interface ImageShape extends SheetShape {
  count: number
}

export interface CorruptOptions {
  signal?: AbortSignal
  /** Receives 0–1. */
  onProgress?: (share: number) => void
}

/** Values of one strip; some tenths of a second of the dearest corruption, which gives others their turn in between. */
const stripValues = 1 << 20

/**
 * C(x̃ | x) of `images` [count, height, width, channels], clipped and rounded to bytes; the given ones stay.
 *
 * Noise is independent from pixel to pixel, so images are stacked to strips, and one call of {@link corrupt} does a
 * strip with the seed hash(seed, 'part p strip i'), p the place in a mix; how many images a strip has depends on their
 * size alone. So an image's noise depends on the seed, its index and its size, and on nothing else. JPEG, in which
 * there is no chance, is done by {@link jpegSheet}. Each part of a mix works on the rounded result of the one before.
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @throws DarkroomError 'cancelled'; for JPEG what the codec throws
 */
export async function corruptImages(
  images: Uint8Array,
  { count, ...shape }: ImageShape,
  noise: Noise,
  seed: number,
  { signal, onProgress }: CorruptOptions = {},
): Promise<Uint8Array> {
  const size = shape.width * shape.height * shape.channels
  if (images.length !== count * size) {
    throw new RangeError(`Expected ${count * size} bytes. Received ${images.length}.`)
  }
  const parts: readonly SimpleNoise[] = noise.kind === 'mixed' ? noise.parts : [noise]
  let result = images.slice()
  for (const [part, simple] of parts.entries()) {
    const together =
      simple.kind === 'jpeg'
        ? imagesASheet(shape, simple.quality)
        : Math.max(1, Math.floor(stripValues / size))
    const corrupted = new Uint8Array(images.length)
    for (let first = 0, strip = 0; first < count; first += together, strip++) {
      stopIfAborted(signal)
      onProgress?.((part + first / count) / parts.length)
      await setImmediate()
      const some = result.subarray(first * size, Math.min(count, first + together) * size)
      const stripSeed = hashSeed(seed, `part ${part} strip ${strip}`)
      corrupted.set(await corruptSome(some, shape, simple, stripSeed), first * size)
    }
    result = corrupted
  }
  onProgress?.(1)
  return result
}

async function corruptSome(
  images: Uint8Array,
  shape: SheetShape,
  noise: SimpleNoise,
  seed: number,
): Promise<ArrayLike<number>> {
  if (noise.kind === 'jpeg') return jpegSheet(images, shape, noise.quality)
  const { width, channels } = shape
  const height = images.length / (width * channels)
  const planes = { width, height, channels, bits: 8, alpha: null, data: images } as const
  return (await corrupt(planes, noise, seed)).data
}
