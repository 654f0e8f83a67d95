/**
 * What 'auto' makes of noise of several kinds: of the clean images of a folder, each with noise of their own for the channels,
 * the same for all, through JPEG with halved colour, developed from a simulated sensor, as it is, resized and as JPEG, and as clean
 * JPEGs. Mean and least gain in PSNR; of clean files PSNR against themselves, mean and least. What the rules in
 * `src/main/engine/imaging` (`correlatedNoise`, `demosaicedNoise`, `whiteNoise`) are measured by.
 * Usage: npm run bench:noise-kinds -- FOLDER [images]
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { closeCodecs, decodeImageFile, type Planes } from '../src/main/engine/codec'
import { denoisePlanes, fitRunner } from '../src/main/engine/imaging/denoise'
import { estimateNoise } from '../src/main/engine/imaging/noiseLevel'
import { qualityOf } from '../src/main/engine/imaging/quality'
import { gaussianField, hashSeed } from '../src/main/engine/noise'
import { cameraNoise, type Camera } from '../src/main/engine/noise/camera'
import { jpeg } from '../src/main/engine/noise/jpeg'
import { Denoisers } from '../src/main/engine/photos/denoisers'
import { automatic, noiseStructureOf, type NoiseStructure } from '../src/shared/automaticModel'
import { levelOf } from '../src/shared/noiseCurve'

type Corrupt = (clean: Planes, seed: number) => Planes | Promise<Planes>

const clip = (value: number): number => Math.round(Math.min(255, Math.max(0, value)))

/** Adds what `noise` gives for each value. */
const added = (clean: Planes, noise: (index: number) => number): Planes => ({
  ...clean,
  data: clean.data.map((value, i) => clip(value + noise(i))),
})

/** White noise, each value its own. */
const own =
  (sigma: number): Corrupt =>
  (clean, seed) => {
    const noise = gaussianField(clean.data.length, seed)
    return added(clean, (i) => sigma * (noise[i] as number))
  }

/** White noise, the same in the three channels. */
const shared =
  (sigma: number): Corrupt =>
  (clean, seed) => {
    const noise = gaussianField(clean.data.length / 3, seed)
    return added(clean, (i) => sigma * (noise[Math.floor(i / 3)] as number))
  }

/** The noise of a sensor after demosaicing, without noise reduction. */
const developed =
  (gain: number, resized = 1): Corrupt =>
  (clean, seed) => {
    const values = Float32Array.from(clean.data, (value) => value / 255)
    const camera: Camera = {
      ...{ gain, readout: gain / 200, balance: [2, 1.6], saturation: 0.3, phase: [0, 0] },
      ...{ lumaBlur: 0, chromaBlur: 0, blurred: 0, resized, quality: null },
    }
    const noise = cameraNoise(values, clean.height, clean.width, camera, { seed, part: 0 })
    return added(clean, (i) => 255 * (noise[i] as number))
  }

const none: Corrupt = (clean) => clean

const throughJpeg =
  (corrupt: Corrupt, quality: number): Corrupt =>
  async (clean, seed) =>
    jpeg(await corrupt(clean, seed), quality)

const kinds: [string, Corrupt][] = [
  ['own in each channel, σ 10', own(10)],
  ['the same in all channels, σ 10', shared(10)],
  ['the same in all channels, σ 20', shared(20)],
  ['own, σ 10, JPEG 80', throughJpeg(own(10), 80)],
  ['own, σ 20, JPEG 80', throughJpeg(own(20), 80)],
  ['developed, gain 0.002', developed(0.002)],
  ['developed, gain 0.006', developed(0.006)],
  ['developed, gain 0.002, JPEG 95', throughJpeg(developed(0.002), 95)],
  ['developed, gain 0.006, JPEG 80', throughJpeg(developed(0.006), 80)],
  ['developed, gain 0.01, reduced to a half', developed(0.01, 2)],
  ['developed, gain 0.006, enlarged by a quarter', developed(0.006, 0.8)],
  ['developed, gain 0.01, reduced to a half, JPEG 90', throughJpeg(developed(0.01, 2), 90)],
]
const cleanKinds: [string, Corrupt][] = [75, 90, 95].map((quality) => [
  `clean, JPEG ${quality}`,
  throughJpeg(none, quality),
])

const structures: readonly NoiseStructure[] = ['independent', 'correlated', 'shared']

async function main(): Promise<void> {
  const [folder = '', most = '8'] = process.argv.slice(2)
  const denoisers = new Denoisers({ folder: 'resources' })
  const names = readdirSync(folder).sort().slice(0, Number(most))
  const psnr = async (a: Planes, b: Planes): Promise<number> =>
    (await qualityOf(a, b)).psnr ?? Infinity
  const byAuto = async (input: Planes): Promise<{ output: Planes; kind: NoiseStructure }> => {
    const level = estimateNoise(input)
    const kind = noiseStructureOf(level)
    const lease = await denoisers.acquire(automatic, 3, kind)
    const output = { ...input, data: input.data.slice() }
    const runner = fitRunner(lease.runner, 3, lease.model.info.card.name)
    await denoisePlanes(input, output, runner, levelOf(level), { noise: level })
    lease.release()
    return { output, kind }
  }
  for (const [label, corrupt] of [...kinds, ...cleanKinds]) {
    const isClean = cleanKinds.some(([of]) => of === label)
    const figures: number[] = []
    const seen: NoiseStructure[] = []
    for (const name of names) {
      const clean = cropped(await decodeImageFile(join(folder, name)))
      const noisy = await corrupt(clean, hashSeed(0, name))
      const { output, kind } = await byAuto(noisy)
      const before = isClean ? 0 : await psnr(clean, noisy)
      figures.push(Math.min(99, await psnr(isClean ? noisy : clean, output)) - before)
      seen.push(kind)
    }
    const mean = figures.reduce((sum, value) => sum + value, 0) / figures.length
    const counts = structures.map((kind) => `${kind} ${seen.filter((one) => one === kind).length}`)
    const found = [mean, Math.min(...figures)].map((value) => value.toFixed(2)).join(', least ')
    console.log(
      `${label}: ${isClean ? 'against itself' : 'gain'} ${found} dB; ${counts.join(', ')}`,
    )
  }
  await denoisers.close()
  await closeCodecs()
}

/** In colour, with sides that are multiples of 8, as a simulated JPEG needs them. */
function cropped(planes: Planes): Planes {
  if (planes.channels !== 3 || planes.bits !== 8) throw new Error('Expected colour of 8 bits.')
  const [width, height] = [planes.width - (planes.width % 8), planes.height - (planes.height % 8)]
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    const from = 3 * y * planes.width
    data.set(planes.data.subarray(from, from + 3 * width), 3 * y * width)
  }
  return { ...planes, width, height, data }
}

void main()
