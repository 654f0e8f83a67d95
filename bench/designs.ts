/**
 * Which network gives most for its time: colour denoisers of five designs with about the same inference cost, each
 * trained from random weights for the same time, on the photos and with the settings of a training config. How long a
 * step takes is measured first, in turns, on a machine that does nothing else; the budget over it gives each design its
 * steps, so that what the machine does while one of them trains changes nothing. PSNR is the mean over the held-out
 * photos, level known, noise not clipped. Inference in the program's precision, two tiles of 448 side by side, in turns.
 * Usage: npm run bench:designs -- SECONDS FOLDER…
 */
import { readPhotos } from '../src/main/engine/data/photoPatches'
import { buildDenoiserTraining, openDenoiser } from '../src/main/engine/models/photoDenoiser'
import { zeroMoments } from '../src/main/engine/models/training'
import {
  initialParameters,
  parameterCount,
  photoDenoiserParameters,
  receptiveRadius,
  type PhotoDenoiserConfig,
} from '../src/main/engine/networks/photoDenoiser'
import type { State } from '../src/main/engine/runtime/program'
import { readTrainingConfig } from '../src/main/engine/training/denoiserConfig'
import { heldOutPsnr, photoBatch } from '../src/main/engine/training/photoBatch'
import { cosineRate } from '../src/main/engine/training/schedule'
import { median } from './peer'

const designs: Record<string, Pick<PhotoDenoiserConfig, 'widths' | 'blocks'>> = {
  'residual at half resolution': { widths: [48], blocks: 6 },
  'two scales': { widths: [48, 96], blocks: 2 },
  'three scales (bundled)': { widths: [48, 64, 96], blocks: 2 },
  'three scales, wider and fewer layers': { widths: [64, 96, 128], blocks: 1 },
  'four scales, narrow at the top': { widths: [32, 64, 128, 192], blocks: 2 },
}
const levels = [15, 25, 50]
const stepsToTime = 25

/** Multiplications for a pixel of the image: each filter counts at the resolution it is applied at. */
function operations(config: PhotoDenoiserConfig): number {
  let sum = 0
  for (const [name, { shape }] of photoDenoiserParameters(config)) {
    if (!name.endsWith('/filter')) continue
    const scale = Number(/^(?:down|up)(\d)/.exec(name)?.[1] ?? 0)
    const below = /(reduce|expand)/.test(name) ? 1 : 0
    sum += shape.reduce((product, size) => product * size) / 4 ** (scale + 1 + below)
  }
  return sum
}

async function main(): Promise<void> {
  const [budget = '', ...folders] = process.argv.slice(2)
  const config = await readTrainingConfig('resources/training/denoise-colour.json')
  const photos = await readPhotos(folders, {
    ...config.photos,
    channels: 3,
    smallestSide: config.patch,
  })
  const { batch, patch, precision, adam, seed } = config
  const modelOf = (name: string): PhotoDenoiserConfig => ({ ...config.model, ...designs[name] })
  const begin = (model: PhotoDenoiserConfig) => {
    const training = buildDenoiserTraining(model, batch, patch, precision, adam)
    training.program.assign(zeroMoments(photoDenoiserParameters(model)))
    training.program.assign(initialParameters(model, seed))
    return training
  }

  const stepTimes = new Map(Object.keys(designs).map((name) => [name, [] as number[]]))
  for (let turn = 0; turn < 3; turn++) {
    for (const [name, times] of stepTimes) {
      const training = begin(modelOf(name))
      for (let step = 1; step <= stepsToTime; step++) {
        const begun = performance.now()
        training.step(
          photoBatch(photos.training, { ...config, model: modelOf(name) }, step),
          step,
          1e-4,
        )
        if (step > 3) times.push((performance.now() - begun) / 1000) // the first ones compile
      }
      training.close()
    }
  }

  const trained = new Map<string, { steps: number; psnr: number[]; weights: State }>()
  for (const [name, times] of stepTimes) {
    const model = modelOf(name)
    const steps = Math.round(Number(budget) / median(times))
    const training = begin(model)
    for (let step = 1; step <= steps; step++) {
      const rate = cosineRate(step, steps, 1e-3, 300)
      training.step(photoBatch(photos.training, { ...config, model }, step), step, rate)
      if (step % 500 === 0) console.error(`${name}: step ${step} of ${steps}`)
    }
    const psnr = levels.map(
      (sigma) => heldOutPsnr(training, photos.heldOut, { model, seed, sigma }) ?? NaN,
    )
    const names = photoDenoiserParameters(model)
    const weights: State = new Map([...training.program.read()].filter(([key]) => names.has(key)))
    training.close()
    trained.set(name, { steps, psnr, weights })
    console.error(name, psnr.map((value) => value.toFixed(2)).join(' '))
  }

  const side = 448
  const tile = Float32Array.from({ length: side * side * 3 }, (_, i) => (i % 97) / 97)
  const runners = [...trained].map(([name, { weights }]) => ({
    runner: openDenoiser({ config: modelOf(name), weights }),
    seconds: [] as number[],
  }))
  for (let turn = 0; turn < 8; turn++) {
    for (const { runner, seconds } of runners) {
      const begun = performance.now()
      runner.runBoth([tile, tile], side, side, [25, 25])
      if (turn > 1) seconds.push((performance.now() - begun) / 1000 / ((2 * side * side) / 1e6))
    }
  }
  console.log(
    '| design | widths × blocks | parameters | thousand multiplications a pixel | reach, pixels | inference, s a megapixel | ms a step | steps | σ 15 | σ 25 | σ 50 |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  ;[...trained].forEach(([name, { steps, psnr }], index) => {
    const model = modelOf(name)
    const cells = [
      name,
      `${model.widths.join('/')} × ${model.blocks}`,
      parameterCount(model),
      (operations(model) / 1000).toFixed(0),
      receptiveRadius(model),
      median(runners[index]?.seconds ?? []).toFixed(2),
      (1000 * median(stepTimes.get(name) ?? [])).toFixed(0),
      steps,
      ...psnr.map((value) => value.toFixed(2)),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  })
  runners.forEach(({ runner }) => runner.close())
}

void main()
