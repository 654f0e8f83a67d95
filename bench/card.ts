/**
 * Writes measured figures into a model's card, so that the program shows what was measured and nothing else.
 * Usage: npm run bench:card -- MODEL.ldm "Set12, level estimated=evaluation.json" …
 * where each JSON file is what `evaluate denoise --json` printed for this model.
 */
import { readFileSync } from 'node:fs'
import { modelCard } from '../src/shared/types'
import { readContainer, writeContainer } from '../src/main/engine/store/container'

interface Evaluation {
  model: string
  results: { sigma: number; psnr: number; ssim: number; images: number }[]
}

async function main(): Promise<void> {
  const [path, ...sets] = process.argv.slice(2)
  if (!path || sets.length === 0)
    throw new Error('Expected a model file and figures. See the top of bench/card.ts.')
  const { header, tensors } = await readContainer(path)
  const card = modelCard.parse(header.card)
  card.measured = sets.flatMap((set) => {
    const cut = set.lastIndexOf('=')
    const { model, results } = JSON.parse(readFileSync(set.slice(cut + 1), 'utf8')) as Evaluation
    if (model !== card.name)
      throw new Error(`Expected figures of ${card.name}. Received those of ${model}.`)
    return results.flatMap(({ sigma, psnr, ssim, images }) => {
      const what = `${set.slice(0, cut)}, σ ${sigma}, ${images} images`
      return [
        { what: `PSNR on ${what}`, value: Number(psnr.toFixed(2)), unit: 'dB' },
        { what: `SSIM on ${what}`, value: Number(ssim.toFixed(4)), unit: '' },
      ]
    })
  })
  await writeContainer(path, { header: { ...header, card }, tensors })
  console.log(JSON.stringify(card.measured, null, 2))
}

void main()
