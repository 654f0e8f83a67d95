/**
 * Writes measured figures into a model's card, so that the program shows what was measured and nothing else.
 * Usage: npm run bench:card -- MODEL.ldm "Set12, level estimated=evaluation.json" …
 * where each JSON file is what `evaluate denoise --json` printed for this model (`--pairs` too), or, for a model of the library,
 *        npm run bench:card -- MODEL.ldm features.json compress.json …
 * where each is what `measure … --json` printed. Figures of the same name are replaced, weights stay as they are.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { writeContainer } from '../src/main/engine/store/container'
import { readLibraryFile, type LibraryFile } from '../src/main/engine/store/libraryFile'
import { encodeRun } from '../src/main/engine/store/runFile'
import type { MeasureReport } from '../src/shared/latent'
import { mergedFigures, type Measurement } from '../src/shared/training'
import { figuresOfReport } from './cardFigures'

interface Evaluation {
  model: string
  results: { sigma: number; psnr: number; ssim: number; images: number }[]
}

function requireFiguresOf(name: string, model: string): void {
  if (model !== name) throw new Error(`Expected figures of ${name}. Received those of ${model}.`)
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** What `evaluate denoise --pairs` printed: real noise, of which there is one result. */
interface PairsEvaluation {
  results: [{ psnr: number; noisyPsnr: number; worstGain: number; pairs: number }]
  files: { model: string }[]
}

function figuresOfPairs(name: string, set: string, evaluation: PairsEvaluation): Measurement[] {
  for (const { model } of evaluation.files) requireFiguresOf(name, model)
  const [{ psnr, noisyPsnr, worstGain, pairs }] = evaluation.results
  const on = `on ${set}, ${pairs} pairs`
  return [
    { what: `PSNR ${on}`, value: Number(psnr.toFixed(2)), unit: 'dB' },
    { what: `PSNR of the noisy files ${on}`, value: Number(noisyPsnr.toFixed(2)), unit: 'dB' },
    { what: `Least gain ${on}`, value: Number(worstGain.toFixed(2)), unit: 'dB' },
  ]
}

function figuresOfPhotos(name: string, set: string): Measurement[] {
  const cut = set.lastIndexOf('=')
  const evaluation = read(set.slice(cut + 1)) as Evaluation | PairsEvaluation
  if ('files' in evaluation) return figuresOfPairs(name, set.slice(0, cut), evaluation)
  const { model, results } = evaluation
  requireFiguresOf(name, model)
  return results.flatMap(({ sigma, psnr, ssim, images }) => {
    const what = `${set.slice(0, cut)}, σ ${sigma}, ${images} images`
    return [
      { what: `PSNR on ${what}`, value: Number(psnr.toFixed(2)), unit: 'dB' },
      { what: `SSIM on ${what}`, value: Number(ssim.toFixed(4)), unit: '' },
    ]
  })
}

async function measuredOf(
  path: string,
  file: LibraryFile,
  given: string[],
): Promise<Measurement[]> {
  if (file.kind === 'denoiser') {
    const measured = given.flatMap((set) => figuresOfPhotos(file.card.name, set))
    const { header, tensors } = file.container
    await writeContainer(path, { header: { ...header, card: { ...file.card, measured } }, tensors })
    return measured
  }
  const { card, config } = file.run
  const { model } = config
  if (model.kind === 'photo-denoiser') throw new Error(`${card.name} is a denoiser of photos.`)
  const found = given.flatMap((each) => {
    const report = read(each) as MeasureReport
    requireFiguresOf(card.name, report.model)
    return figuresOfReport(report, model.latent)
  })
  const measured = mergedFigures(card.measured, found)
  writeFileSync(path, encodeRun({ ...file.run, card: { ...card, measured } }))
  return measured
}

async function main(): Promise<void> {
  const [path, ...given] = process.argv.slice(2)
  if (!path || given.length === 0)
    throw new Error('Expected a model file and figures. See the top of bench/card.ts.')
  const measured = await measuredOf(path, await readLibraryFile(path), given)
  console.log(JSON.stringify(measured, null, 2))
}

void main()
