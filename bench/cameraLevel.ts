/**
 * Which level a denoiser is to be told of a camera's correlated noise: the gain on pairs `*_real` beside `*_mean` with the
 * estimate as it is and multiples of it, for each model, mean and least. What `needed` in
 * `src/main/engine/imaging/correlatedNoise.ts` is chosen by. Pairs whose noise reads as white are told the estimate.
 * Usage: npm run bench:camera-level -- FOLDER [factors] [models]
 */
import { closeCodecs, decodeImageFile } from '../src/main/engine/codec'
import { findPairs } from '../src/main/engine/evaluate/pairs'
import { denoisePlanes, fitRunner } from '../src/main/engine/imaging/denoise'
import { estimateNoise } from '../src/main/engine/imaging/noiseLevel'
import { qualityOf } from '../src/main/engine/imaging/quality'
import { Denoisers } from '../src/main/engine/photos/denoisers'
import { levelOf } from '../src/shared/noiseCurve'

async function main(): Promise<void> {
  const [folder = '', factors = '1,1.5,2,2.5', names = 'denoise-colour'] = process.argv.slice(2)
  const denoisers = new Denoisers({ folder: 'resources' })
  const gains = new Map<string, number[]>()
  let correlated = 0
  for (const { noisy, clean } of await findPairs(folder)) {
    const input = await decodeImageFile(noisy)
    const truth = await decodeImageFile(clean)
    const level = estimateNoise(input)
    const before = (await qualityOf(truth, input)).psnr ?? Infinity
    if (level.correlated) correlated++
    for (const name of names.split(',')) {
      const lease = await denoisers.acquire(name, input.channels)
      const runner = fitRunner(lease.runner, input.channels, name)
      for (const factor of factors.split(',')) {
        const by = level.correlated ? Number(factor) : 1
        const estimate = levelOf(level)
        const told = typeof estimate === 'number' ? estimate * by : estimate.map((one) => one * by)
        const output = { ...input, data: input.data.slice() }
        await denoisePlanes(input, output, runner, told, { noise: level })
        const key = `${name}, estimate × ${factor}`
        const gain = ((await qualityOf(truth, output)).psnr ?? Infinity) - before
        gains.set(key, [...(gains.get(key) ?? []), gain])
      }
      lease.release()
    }
  }
  const count = [...gains.values()][0]?.length ?? 0
  console.log(
    `${count} pairs of ${folder}, ${correlated} with correlated noise: gain in dB, mean and least`,
  )
  for (const [key, values] of gains) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    console.log(`${key}: ${mean.toFixed(3)}, ${Math.min(...values).toFixed(3)}`)
  }
  await denoisers.close()
  await closeCodecs()
}

void main()
