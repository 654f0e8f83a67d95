/**
 * The noise of a camera's finished file, for training: what the sensor adds at each site of its mosaic, as the camera's
 * own processing leaves it. Unlike white noise it grows with brightness in linear light, and it is correlated between
 * neighbours and channels, because demosaicing, noise reduction, resizing and JPEG spread it.
 *
 * A clean value x is taken to linear light (x², close to the usual curves and exact on every platform), to the
 * sensor's colours and through the inverse white balance; a site of the Bayer mosaic gets normal noise of variance
 * a·r + b at its raw value r; bilinear demosaicing, white balance, colour matrix and √ follow. Demosaicing is linear
 * and so is applied to the noise alone: the clean picture is not blurred by it.
 *
 * Sources: Foi et al. 2008 (variance a·r + b); Brooks et al. 2019, 'Unprocessing images for learned raw denoising':
 * ranges of a, and b from a by ln b = 2.18 ln a + 1.2.
 */
import { exp, ln, normalOf } from './elementary'
import { blur } from './blur'
import { compressBlocks } from './jpegBlocks'
import { fillWords, type Stream } from './philox'
import { resize, type Size } from './resize'

/** A camera, its settings and what it does to a picture. */
export interface Camera {
  /** Variance of the raw values, white at 1: `gain`·r + `readout`. */
  gain: number
  readout: number
  /** White balance: what red and blue are multiplied by. */
  balance: [number, number]
  /** Colour matrix c ↦ m + (1 + saturation)(c − m), m the mean of the channels. */
  saturation: number
  /** Where the mosaic begins: 0 or 1 across, and down. */
  phase: [number, number]
  /** The camera's noise reduction: Gaussian blur of the noise's luma and chroma, in pixels, and how much of it. */
  lumaBlur: number
  chromaBlur: number
  blurred: number
  /** How much larger than the file the sensor's picture is, a side; below 1 the file was enlarged. */
  resized: number
  /** JPEG quality; null: none. */
  quality: number | null
}

/** From ISO 100 to 25,600 of real sensors. */
const [leastGain, mostGain] = [1e-4, 1.2e-2]

/** From a picture that was enlarged a little to a phone's that was reduced for a page. */
const [leastResized, mostResized] = [0.8, 2.5]

/**
 * A random camera; `draw` gives independent uniform numbers in [0, 1) for 0, 1, …, 13.
 * @param resized the share of pictures that are resized
 */
export function drawCamera(draw: (index: number) => number, resized = 0): Camera {
  const between = (index: number, from: number, to: number): number =>
    from + (to - from) * draw(index)
  const logGain = between(0, ln(leastGain), ln(mostGain))
  return {
    gain: exp(logGain),
    readout: exp(2.18 * logGain + 1.2 + 0.26 * (2 * draw(1) - 1)),
    balance: [between(2, 1.2, 2.6), between(3, 1.2, 2.4)],
    saturation: between(4, 0, 0.9),
    phase: [draw(5) < 0.5 ? 0 : 1, draw(6) < 0.5 ? 0 : 1],
    lumaBlur: between(7, 0, 1.4),
    chromaBlur: between(8, 0, 2.4),
    blurred: between(9, 0.3, 1),
    resized: draw(12) < resized ? exp(between(13, ln(leastResized), ln(mostResized))) : 1,
    quality: draw(10) < 0.5 ? null : Math.round(between(11, 60, 100)),
  }
}

/**
 * The noise that a camera adds to a clean picture.
 * @param clean [height, width, 3] in [0, 1]; sides are multiples of 8 where there is JPEG
 * @returns noisy − clean in the same shape; the noisy picture lies in [0, 1]
 */
export function cameraNoise(
  clean: Float32Array,
  height: number,
  width: number,
  camera: Camera,
  stream: Stream,
): Float32Array {
  const noise = resizedNoise(clean, { height, width }, camera, stream)
  const noisy = noise.map((value, i) => clip(value + (clean[i] as number)))
  if (camera.quality !== null) compressBlocks(noisy, height, width, camera.quality)
  return noisy.map((value, i) => clip(value) - (clean[i] as number))
}

/** The noise of the sensor's picture, in the file's size. The clean picture, enlarged, only says how bright it is there. */
function resizedNoise(
  clean: Float32Array,
  file: Size,
  camera: Camera,
  stream: Stream,
): Float32Array {
  const [height, width] = [file.height, file.width].map((side) =>
    Math.round(side * camera.resized),
  ) as [number, number]
  const same = height === file.height && width === file.width
  const bright = same ? clean : resize(clean, file, { height, width }, 3)
  const noise = developedNoise(bright, height, width, camera, stream)
  reduceNoise(noise, height, width, camera)
  return same ? noise : resize(noise, { height, width }, file, 3)
}

const clip = (value: number): number => Math.min(1, Math.max(0, value))

/** One number a pixel: the noise of the sensor at the one colour that its mosaic has there. */
function mosaicNoise(
  clean: Float32Array,
  height: number,
  width: number,
  { gain, readout, balance, saturation, phase }: Camera,
  stream: Stream,
): { noise: Float32Array; site: Uint8Array } {
  const noise = new Float32Array(height * width)
  const site = new Uint8Array(height * width)
  const words = new Uint32Array(height * width)
  fillWords(words, stream, 0)
  const scale = [balance[0], 1, balance[1]]
  for (let at = 0; at < noise.length; at++) {
    const [x, y] = [(at % width) + phase[0], Math.floor(at / width) + phase[1]]
    const colour = (x & 1) + (y & 1)
    const r = (clean[3 * at] as number) ** 2
    const g = (clean[3 * at + 1] as number) ** 2
    const b = (clean[3 * at + 2] as number) ** 2
    const mean = (r + g + b) / 3
    const own = [r, g, b][colour] as number
    const raw = Math.max(0, mean + (own - mean) / (1 + saturation)) / (scale[colour] as number)
    noise[at] =
      normalOf(words[at] as number) * Math.sqrt(gain * raw + readout) * (scale[colour] as number)
    site[at] = colour
  }
  return { noise, site }
}

/** The mosaic's noise demosaiced, in the file's colours and behind its curve, less the clean picture. */
function developedNoise(
  clean: Float32Array,
  height: number,
  width: number,
  camera: Camera,
  stream: Stream,
): Float32Array {
  const { noise, site } = mosaicNoise(clean, height, width, camera, stream)
  const developed = new Float32Array(clean.length)
  const sums = [0, 0, 0]
  const weights = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sums.fill(0)
      weights.fill(0)
      // 1 2 1 / 2 4 2 / 1 2 1 over the sites of a colour; green at its own site is only itself
      const here = site[y * width + x] as number
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [row, column] = [y + dy, x + dx]
          if (row < 0 || column < 0 || row >= height || column >= width) continue
          const at = row * width + column
          const colour = site[at] as number
          if (colour === here && colour === 1 && (dx !== 0 || dy !== 0)) continue
          const weight = (dx === 0 ? 2 : 1) * (dy === 0 ? 2 : 1)
          sums[colour] = (sums[colour] as number) + weight * (noise[at] as number)
          weights[colour] = (weights[colour] as number) + weight
        }
      }
      const [r, g, b] = sums.map((sum, c) => sum / (weights[c] as number)) as [
        number,
        number,
        number,
      ]
      const mean = (r + g + b) / 3
      const to = 3 * (y * width + x)
      ;[r, g, b].forEach((own, c) => {
        const value = clean[to + c] as number
        const linear = value * value + mean + (1 + camera.saturation) * (own - mean)
        developed[to + c] = Math.sqrt(clip(linear)) - value
      })
    }
  }
  return developed
}

/** The camera's noise reduction, in place: luma and chroma of the noise are blurred, a share of each is kept as it was. */
function reduceNoise(
  noise: Float32Array,
  height: number,
  width: number,
  { lumaBlur, chromaBlur, blurred }: Camera,
): void {
  const pixels = height * width
  const planes = [
    new Float32Array(pixels),
    new Float32Array(pixels),
    new Float32Array(pixels),
  ] as const
  const [luma, red, blue] = planes
  for (let at = 0; at < pixels; at++) {
    const [r, g, b] = [
      noise[3 * at] as number,
      noise[3 * at + 1] as number,
      noise[3 * at + 2] as number,
    ]
    const y = (r + 2 * g + b) / 4
    luma[at] = y
    red[at] = r - y
    blue[at] = b - y
  }
  for (const [plane, sigma] of [
    [luma, lumaBlur],
    [red, chromaBlur],
    [blue, chromaBlur],
  ] as const) {
    const smooth = blur(plane, height, width, sigma)
    for (let at = 0; at < pixels; at++) {
      plane[at] = (plane[at] as number) + blurred * ((smooth[at] as number) - (plane[at] as number))
    }
  }
  for (let at = 0; at < pixels; at++) {
    const [y, r, b] = [luma[at] as number, red[at] as number, blue[at] as number]
    noise[3 * at] = y + r
    noise[3 * at + 1] = y - (r + b) / 2
    noise[3 * at + 2] = y + b
  }
}

/**
 * How strong noise is as a denoiser is told: twice the root mean square of its means over 2 × 2 pixels. For white noise
 * of σ that is σ; of correlated noise it tells the coarse part, which is what is seen and is hard to remove.
 * @returns in the noise's own units
 */
export function coarseLevel(noise: Float32Array, height: number, width: number): number {
  let squares = 0
  for (let y = 0; y + 1 < height; y += 2) {
    for (let x = 0; x + 1 < width; x += 2) {
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * width + x) + c
        const below = at + 3 * width
        const sum =
          (noise[at] as number) +
          (noise[at + 3] as number) +
          (noise[below] as number) +
          (noise[below + 3] as number)
        squares += (sum * sum) / 4
      }
    }
  }
  return Math.sqrt(squares / (3 * (height >> 1) * (width >> 1)))
}
