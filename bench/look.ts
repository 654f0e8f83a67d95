/**
 * What luma, chroma and texture of a result do to its distance from the truth: mean PSNR and SSIM with each of them
 * varied, the others as they begin. On folders of pairs (`*_real` beside `*_mean`), or of clean images with Gaussian
 * noise of the given σ added, clipped and rounded. `level` is the estimate of the noise left, mean over the images.
 * Needs the program built. Usage: npm run bench:look -- FOLDER [σ] [images]
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { closeCodecs, decodeImageFile, type Planes } from '../src/main/engine/codec'
import { createEngine } from '../src/main/engine/handlers'
import { denoisePlanes, fitRunner } from '../src/main/engine/imaging/denoise'
import { estimateNoise } from '../src/main/engine/imaging/noiseLevel'
import { qualityOf } from '../src/main/engine/imaging/quality'
import { residualCorrelation } from '../src/main/engine/imaging/residual'
import { findTexture } from '../src/main/engine/imaging/texture'
import { blend } from '../src/main/engine/imaging/view'
import { corrupt, hashSeed } from '../src/main/engine/noise'
import { defaultLook, type Look } from '../src/shared/types'

const looks: Partial<Look>[] = [
  { luma: 0, chroma: 0 },
  ...[60, 70, 80, 90, 95, 100].map((luma) => ({ luma })),
  ...[60, 80, 90].map((chroma) => ({ chroma })),
  ...[25, 50, 75, 100].map((texture) => ({ texture })),
]

interface Pair {
  noisy: Planes
  clean: Planes
}

async function* pairsOf(folder: string, sigma: number | null, most: number): AsyncGenerator<Pair> {
  const read = async (name: string): Promise<Planes> => decodeImageFile(join(folder, name))
  const names = readdirSync(folder)
    .filter((name) => (sigma === null ? /_real\./.test(name) : /\.(png|jpe?g|tiff?)$/i.test(name)))
    .sort()
    .slice(0, most)
  for (const name of names) {
    const planes = await read(name)
    if (sigma === null) {
      yield { noisy: planes, clean: await read(name.replace('_real.', '_mean.')) }
    } else {
      const seed = hashSeed(0, name)
      yield { noisy: await corrupt(planes, { kind: 'gaussian', sigma }, seed), clean: planes }
    }
  }
}

async function main(): Promise<void> {
  const [folder = '', sigma, most = '100'] = process.argv.slice(2)
  const engine = createEngine({ journal: null })
  const sums = looks.map(() => ({ psnr: 0, ssim: 0, level: 0, structured: 0 }))
  let count = 0
  for await (const { noisy, clean } of pairsOf(
    folder,
    sigma ? Number(sigma) : null,
    Number(most),
  )) {
    const lease = await engine.denoisers.acquire('auto', noisy.channels)
    const runner = fitRunner(lease.runner, noisy.channels, lease.model.info.card.name)
    const denoised: Planes = { ...noisy, data: noisy.data.slice() }
    await denoisePlanes(noisy, denoised, runner, estimateNoise(noisy).sigma)
    lease.release()
    const texture = await findTexture(noisy, denoised)
    for (const [i, look] of looks.entries()) {
      const result = blend(noisy, denoised, { ...defaultLook, ...look }, texture)
      const { psnr, ssim } = await qualityOf(clean, result)
      const sum = sums[i] as (typeof sums)[number]
      sum.psnr += psnr ?? Infinity
      sum.ssim += ssim
      sum.level += estimateNoise(result).sigma
      sum.structured += residualCorrelation(noisy, result).structured ? 1 : 0
    }
    count++
  }
  console.log(`${folder}, ${sigma ? `σ ${sigma}` : 'pairs'}, ${count} images`)
  looks.forEach((look, i) => {
    const { psnr, ssim, level, structured } = sums[i] as (typeof sums)[number]
    console.log(
      `${JSON.stringify(look)}: PSNR ${(psnr / count).toFixed(3)} dB, SSIM ${(ssim / count).toFixed(4)}, ` +
        `level ${(level / count).toFixed(2)}, structured ${structured}`,
    )
  })
  await engine.close()
  await closeCodecs()
}

void main()
