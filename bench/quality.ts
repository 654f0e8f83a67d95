/**
 * Quality against time: PSNR and seconds per megapixel of our colour denoiser (the level estimated, and known), the same network in
 * PyTorch (time alone: its values are ours), BM3D, non-local means of OpenCV and of scikit-image and, where it is
 * installed, G'MIC's patch-based denoiser, all of these told the level. Gaussian noise of σ, not clipped; methods take turns, image by image,
 * each image a second time after all have been warmed up by a first. The drawing is written to `bench/quality.svg`.
 * Usage: npm run bench:quality -- FOLDER [σ] [images]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeCodecs, decodeImageFile } from '../src/main/engine/codec'
import { denoiseFloats } from '../src/main/engine/imaging/denoise'
import { estimateNoiseFloat } from '../src/main/engine/imaging/noiseLevel'
import { psnr } from '../src/main/engine/imaging/quality'
import { openDenoiser } from '../src/main/engine/models/photoDenoiser'
import { gaussianField, hashSeed } from '../src/main/engine/noise'
import { threads } from '../src/main/engine/runtime/environment'
import { inferencePrecision } from '../src/main/engine/runtime/precision'
import { tensorflowVersion } from '../src/main/engine/runtime/tensorflow'
import { readContainer } from '../src/main/engine/store/container'
import { drawScatter } from './drawing'
import { median, Peer } from './peer'

interface Picture {
  name: string
  width: number
  height: number
  clean: Float32Array
  noisy: Float32Array
}

async function pictureOf(folder: string, name: string, sigma: number): Promise<Picture> {
  const { width, height, channels, bits, data } = await decodeImageFile(join(folder, name))
  if (channels !== 3 || bits !== 8) throw new Error(`Expected colour of 8 bits. Received ${name}.`)
  const clean = Float32Array.from(data, (value) => value / 255)
  const noise = gaussianField(clean.length, hashSeed(0, name))
  const noisy = clean.map((value, i) => value + ((noise[i] as number) * sigma) / 255)
  return { name, width, height, clean, noisy }
}

/** Denoises and says how well and how fast; `psnr` is null where only the time is known. */
type Method = (picture: Picture) => Promise<{ psnr: number | null; milliseconds: number }>

async function main(): Promise<void> {
  const [folder = '', level = '25', most = '6'] = process.argv.slice(2)
  const sigma = Number(level)
  const names = readdirSync(folder).sort().slice(0, Number(most))
  const scratch = mkdtempSync(join(tmpdir(), 'quality-'))
  const [input, output] = [join(scratch, 'noisy'), join(scratch, 'denoised')]
  const { header, tensors } = await readContainer('resources/denoise-colour.ldm')
  const runner = openDenoiser(
    { config: header.config, weights: tensors },
    inferencePrecision(tensorflowVersion),
  )
  const pytorch = new Peer('PyTorch', 'denoise_pytorch.py', threads)
  pytorch.tell(JSON.stringify(header.config))
  const classical = new Peer('classical', 'denoisers.py', threads)
  const by =
    (method: string): Method =>
    async ({ width, height, clean, noisy }) => {
      writeFileSync(input, noisy)
      const request = { do: method, input, output, width, height, sigma }
      const milliseconds = await classical.ask(request)
      const bytes = readFileSync(output)
      const result = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      )
      return { psnr: psnr(clean, result), milliseconds }
    }
  const methods: Record<string, Method> = {
    'ours, level estimated': async ({ width, height, clean, noisy }) => {
      const begun = performance.now()
      const { sigma: estimate } = estimateNoiseFloat(noisy, width, height, 3)
      const result = await denoiseFloats(noisy, width, height, runner, estimate)
      return { milliseconds: performance.now() - begun, psnr: psnr(clean, result) }
    },
    'ours, level known': async ({ width, height, clean, noisy }) => {
      const begun = performance.now()
      const result = await denoiseFloats(noisy, width, height, runner, sigma)
      return { milliseconds: performance.now() - begun, psnr: psnr(clean, result) }
    },
    'same network, PyTorch': async ({ width, height }) => {
      // without tiles it takes sides of its scales' multiple only: the time is that of so many pixels
      const [wide, high] = [Math.ceil(width / 8) * 8, Math.ceil(height / 8) * 8]
      const milliseconds = await pytorch.ask(`${wide}x${high}`)
      return { psnr: null, milliseconds: (milliseconds * width * height) / (wide * high) }
    },
    BM3D: by('bm3d'),
    'non-local means, OpenCV': by('opencv'),
    ...(spawnSync('gmic', ['-version']).error ? {} : { 'patches, G’MIC': by('gmic') }),
    'non-local means, scikit-image': by('scikit-image'),
  }
  const seen = Object.keys(methods).map((name) => ({
    name,
    seconds: [] as number[],
    psnr: [] as number[],
  }))
  for (const [turn, name] of [names[0] as string, ...names].entries()) {
    const picture = await pictureOf(folder, name, sigma)
    for (const [k, method] of Object.values(methods).entries()) {
      const result = await method(picture)
      if (turn === 0) continue // kernels are prepared, programs read from disk
      const { seconds, psnr } = seen[k] as (typeof seen)[number]
      seconds.push(result.milliseconds / 1000 / ((picture.width * picture.height) / 1e6))
      if (result.psnr !== null) psnr.push(result.psnr)
    }
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  console.log(`${names.length} images of ${folder}, σ ${sigma}, ${threads} threads`)
  console.log('method: PSNR in dB, seconds per megapixel (median)')
  const ours = mean((seen[0] as (typeof seen)[number]).psnr)
  const points = seen.map(({ name, seconds, psnr }) => {
    const point = { label: name, x: median(seconds), y: psnr.length > 0 ? mean(psnr) : ours }
    console.log(
      `${name}: ${psnr.length > 0 ? point.y.toFixed(2) : 'as ours'}, ${point.x.toFixed(3)}`,
    )
    return point
  })
  const axes = { x: 'seconds per megapixel', y: 'PSNR, dB' }
  writeFileSync('bench/quality.svg', drawScatter(`Gaussian noise of σ ${sigma}`, axes, points))
  pytorch.close()
  classical.close()
  runner.close()
  rmSync(scratch, { recursive: true })
  await closeCodecs()
}

void main()
