/** Corruptions of many small images: those with JPEG in them, which no graph can hold, are made before training. */
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { Noise } from '../../../shared/types'
import type { Planes } from '../codec'
import { corrupt, hashSeed } from '../noise'

export interface ImageShape {
  count: number
  width: number
  height: number
  channels: 1 | 3
}

export interface CorruptOptions {
  signal?: AbortSignal
  /** Receives 0–1. */
  onProgress?: (share: number) => void
}

/** Values of one strip; about 60 ms of the dearest corruption. */
const stripValues = 1 << 20
/** Images after which other work of the engine gets its turn, where each is corrupted alone. */
const imagesABreath = 16

/**
 * C(x̃ | x) of `images` [count, height, width, channels], clipped and rounded to bytes; the given ones stay.
 *
 * Noise is independent from pixel to pixel, so images are stacked to strips and one call of {@link corrupt} does a
 * strip, with the seed hash(seed, 'strip i'); how many images a strip has depends on their size alone. JPEG looks at
 * an image as a whole: where it is part of the noise each image is done by itself, with hash(seed, 'image i').
 * Either way the numbers of an image depend on the seed, its index and the shape of one image, and on nothing else.
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @throws DarkroomError 'cancelled'; for JPEG what the codec throws
 */
export async function corruptImages(
  images: Uint8Array,
  { count, width, height, channels }: ImageShape,
  noise: Noise,
  seed: number,
  { signal, onProgress }: CorruptOptions = {},
): Promise<Uint8Array> {
  const size = width * height * channels
  if (images.length !== count * size) {
    throw new RangeError(`Expected ${count * size} bytes. Received ${images.length}.`)
  }
  const alone = hasJpeg(noise)
  const perPart = alone ? 1 : Math.max(1, Math.floor(stripValues / size))
  const corrupted = new Uint8Array(images.length)
  for (let first = 0, part = 0; first < count; first += perPart, part++) {
    if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
    if (!alone || part % imagesABreath === 0) {
      onProgress?.(first / count)
      await setImmediate()
    }
    const taken = Math.min(perPart, count - first)
    const planes: Planes = {
      ...{ width, height: height * taken, channels, bits: 8, alpha: null },
      data: images.subarray(first * size, (first + taken) * size),
    }
    const partSeed = hashSeed(seed, `${alone ? 'image' : 'strip'} ${part}`)
    corrupted.set((await corrupt(planes, noise, partSeed)).data, first * size)
  }
  onProgress?.(1)
  return corrupted
}

const hasJpeg = (noise: Noise): boolean =>
  noise.kind === 'mixed' ? noise.parts.some(({ kind }) => kind === 'jpeg') : noise.kind === 'jpeg'
