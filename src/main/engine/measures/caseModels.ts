/** Models that a kept report holds beside its scores, and pictures of what they make of the test images. */
import { DarkroomError } from '../../../shared/errors'
import type { CaseImages, CaseScores, MeasureReport } from '../../../shared/latent'
import { modelKinds, type AutoencoderConfig } from '../../../shared/training'
import { openImageSet, type ImageSet } from '../data/imageSet'
import { valuesOf } from '../data/values'
import { openAutoencoder, type Autoencoder } from '../models/openAutoencoder'
import { picturesOf } from '../runs/pictures'
import type { Tensor } from '../store/container'
import type { Reports } from './keep'

const caseOf = (index: number): string => `case/${index}/`
const weightsOf = (index: number): string => `${caseOf(index)}weights/`

/** The tensors of a case, as a measurer of anomalies keeps them: its scores, and its model's weights. */
export function caseTensors(
  index: number,
  { scores, truth, indices }: CaseScores,
  weights: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const shape = [scores.length]
  return new Map<string, Tensor>([
    [`${caseOf(index)}scores`, { shape, data: scores }],
    [`${caseOf(index)}truth`, { shape, data: Float32Array.from(truth) }],
    [`${caseOf(index)}indices`, { shape, data: Float32Array.from(indices) }],
    ...[...weights].map(([name, tensor]) => [weightsOf(index) + name, tensor] as const),
  ])
}

/** @throws DarkroomError `report-unknown` where the report has no such case */
export async function scoresOfCase(
  reports: Reports,
  id: string,
  index: number,
): Promise<CaseScores> {
  const names = ['scores', 'truth', 'indices'].map((name) => caseOf(index) + name)
  const tensors = await reports.tensors(id, (name) => names.includes(name))
  const [scores, truth, indices] = names.map((name) => tensors.get(name)?.data)
  if (!scores || !truth || !indices) throw noCase(id, index)
  return { scores, truth: Int32Array.from(truth), indices: Int32Array.from(indices) }
}

/** The model of one case stays open, until another is looked at. */
export class CaseModels {
  readonly #reports: Reports
  readonly #cache: string | null
  #open: { key: string; model: Promise<Autoencoder> } | null = null

  constructor(reports: Reports, cache: string | null) {
    this.#reports = reports
    this.#cache = cache
  }

  /** Test images with what the case's model makes of them. @throws DarkroomError `report-unknown`, `data-missing` */
  async images(id: string, index: number, indices: readonly number[]): Promise<CaseImages> {
    const report = await this.#reports.read(id)
    const set = await this.#testSet(report)
    const { width, height, channels } = set.card
    const size = width * height * channels
    const values = new Float32Array(indices.length * size)
    for (const [i, place] of indices.entries()) {
      const image = testImage(report, set, place)
      if (!image) throw noCase(id, index)
      values.set(valuesOf(image), i * size)
    }
    const model = await this.#model(report, set, index)
    const made = model.reconstruct(values)
    const heat = heatOf(values, made, channels)
    return {
      originals: picturesOf(values, set.card),
      reconstructions: picturesOf(made, set.card),
      heat: picturesOf(heat, { width, height, channels: 1 }),
    }
  }

  close(): void {
    const open = this.#open
    this.#open = null
    void open?.model.then((model) => model.close()).catch(() => undefined)
  }

  #testSet({ request }: MeasureReport): Promise<ImageSet> {
    if (request.kind !== 'anomaly') throw noCase(request.kind, 0)
    const { protocol, config } = request
    const source = protocol.kind === 'folders' ? protocol.test : config.data
    return openImageSet(source, { cache: this.#cache })
  }

  #model({ id, request }: MeasureReport, { card }: ImageSet, index: number): Promise<Autoencoder> {
    const key = `${id} ${index}`
    if (this.#open?.key === key) return this.#open.model
    this.close()
    const model = this.#reports
      .tensors(id, (name) => name.startsWith(weightsOf(index)))
      .then((tensors) => {
        const prefix = weightsOf(index).length
        const weights = new Map([...tensors].map(([name, each]) => [name.slice(prefix), each]))
        const config = request.kind === 'anomaly' ? request.config.model : null
        if (!isAutoencoder(config) || weights.size === 0) throw noCase(id, index)
        return openAutoencoder({ config, shape: card, weights })
      })
    model.catch(() => {
      if (this.#open?.model === model) this.#open = null
    })
    this.#open = { key, model }
    return model
  }
}

const isAutoencoder = (config: { kind: string } | null): config is AutoencoderConfig =>
  config !== null && (modelKinds as readonly string[]).includes(config.kind)

/** An image by its place in what was tested: the test part; of one's own folder, all of it. Null where there is none. */
function testImage({ request }: MeasureReport, set: ImageSet, place: number): Uint8Array | null {
  const { card, images, test } = set
  const size = card.width * card.height * card.channels
  const folders = request.kind === 'anomaly' && request.protocol.kind === 'folders'
  const before = folders || card.test === 0 ? card.images : 0
  const [part, at] = place < before ? [images, place] : [test.images, place - before]
  const from = at * size
  return from + size <= part.length ? part.subarray(from, from + size) : null
}

/** Σ over channels of |x − x'|, as a share of the largest there is. */
export function heatOf(
  originals: Float32Array,
  made: Float32Array,
  channels: number,
): Float32Array {
  const heat = new Float32Array(originals.length / channels)
  for (let i = 0; i < originals.length; i++) {
    const pixel = Math.floor(i / channels)
    const apart = Math.abs((originals[i] as number) - (made[i] as number))
    heat[pixel] = (heat[pixel] as number) + apart
  }
  const largest = heat.reduce((most, value) => Math.max(most, value), 0)
  return largest > 0 ? heat.map((value) => value / largest) : heat
}

const noCase = (id: string, index: number): DarkroomError =>
  new DarkroomError('report-unknown', `There is no case ${index} in report ${id}`)
