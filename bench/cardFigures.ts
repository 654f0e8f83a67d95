/** What of a measurement's report belongs on a model's card, in the card's words. */
import type { Figure, MeasureReport } from '../src/shared/latent'
import type { Measurement } from '../src/shared/training'

/** Figures of 'Features' on a card, by their names in the report. */
const features: Record<string, string> = {
  'probe-100': 'linear probe, 100 labels',
  'probe-all': 'linear probe, all labels',
  reconstruction: 'squared error a pixel',
}
const besides = ['pca', 'random']

const rounded = (value: number): number => Number(value.toPrecision(4))
const known = (report: MeasureReport, name: string): Figure => {
  const found = report.figures.find((figure) => figure.name === name)
  if (!found) throw new Error(`Expected a report with ${name}. Received none in ${report.model}'s.`)
  return found
}

/** The figures, for a model of so many latents, of a report of `measure features` or `measure compress`. @throws Error for another one */
export function figuresOfReport(report: MeasureReport, latent: number): Measurement[] {
  const on = `on ${report.data} (test)`
  const { kind } = report.request
  if (kind === 'features') return featureFigures(report, latent, on)
  if (kind === 'compress') return codecFigures(report, on)
  throw new Error(`Expected a report of features or of compress. Received one of ${kind}.`)
}

function featureFigures(report: MeasureReport, latent: number, on: string): Measurement[] {
  const words: Record<string, string> = {
    pca: `, ${latent} principal components`,
    random: ', encoder untrained',
  }
  return Object.entries(features).flatMap(([name, what]) => {
    const { value, baselines } = known(report, name)
    const beside = baselines.filter((each) => besides.includes(each.name))
    const share = name !== 'reconstruction'
    return [{ name: '', value }, ...beside].map((each) => ({
      what: `${what}${words[each.name] ?? ''} ${on}`,
      value: rounded(share ? 100 * each.value : each.value),
      unit: share ? '% right' : '',
    }))
  })
}

/** Bits at the error that the codes come to, of what was compared at that error. */
function codecFigures(report: MeasureReport, on: string): Measurement[] {
  const { value, baselines } = known(report, 'bits-per-pixel')
  const matched = report.protocol.find(({ name }) => name === 'compress-matched')?.values['mse']
  const words: Record<string, string> = {
    codes: 'codes as a file, without the decoder',
    pca: 'principal components as a file',
    jpeg: 'JPEG',
    webp: 'WebP',
  }
  return [
    ...[{ name: 'codes', value }, ...baselines].map((each) => ({
      what: `${words[each.name] ?? each.name}, at squared error ${matched} ${on}`,
      value: rounded(each.value),
      unit: 'bits a pixel',
    })),
    { what: 'decoder', value: known(report, 'decoder-bytes').value, unit: 'bytes' },
  ]
}
