/**
 * A trained model, its encoder or its decoder, as a TensorFlow SavedModel: the same graph that is run here, with its
 * weights in it. Signatures (the batch axis n is free):
 *
 * | part | inputs | outputs |
 * | --- | --- | --- |
 * | model | `images` [n, height, width, channels] in 0–1 | `images`, of the code without anything random |
 * | encoder | `images` | `mean` [n, latent]; `logVariance` besides, of variational models |
 * | decoder | `codes` [n, latent] | `images` |
 * | a denoiser of photos | `noisy` [n, height, width, channels], any sides that are multiples of {@link sideMultiple}; `sigma` [n] or [1], the noise level on the 0–255 scale | `images`, not clipped |
 */
import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { DarkroomError } from '../../../shared/errors'
import type { AutoencoderConfig } from '../../../shared/training'
import type { ImageShape } from '../networks/autoencoder'
import {
  photoDenoiser,
  photoDenoiserParameters,
  sideMultiple,
  zeroBiases,
} from '../networks/photoDenoiser'
import * as kernels from '../runtime/kernels'
import type { State } from '../runtime/program'
import { writeSavedModel } from '../runtime/savedModel'
import { tf } from '../runtime/tensorflow'
import { modelOf } from './index'
import { checkWeights } from './openAutoencoder'
import { checkedDenoiser } from './photoDenoiser'

export type ModelPart = 'model' | 'encoder' | 'decoder'

/** A model with its weights, by parameter name. `name` is what errors call it. */
export type ExportableModel = { name: string; weights: State } & (
  | { kind: 'autoencoder'; config: AutoencoderConfig; shape: ImageShape }
  | { kind: 'denoiser'; config: unknown }
)

/**
 * Writes a part of a model into a folder that is new or empty: all of it or nothing.
 * @throws DarkroomError `model-unsuitable` (it has no such part), `model-damaged`, `target-unwritable`, `disk-full`
 */
export function exportSavedModel(model: ExportableModel, part: ModelPart, folder: string): void {
  removeIfEmpty(folder)
  if (model.kind === 'denoiser') writeDenoiser(model, part, folder)
  else writeAutoencoder(model, part, folder)
}

function writeAutoencoder(
  { config, shape, weights }: Extract<ExportableModel, { kind: 'autoencoder' }>,
  part: ModelPart,
  folder: string,
): void {
  const model = modelOf(config, shape)
  checkWeights(model, weights)
  const tied = 'encoder/code/weights' // which a contractive decoder of one layer reads, transposed
  const needed = [...model.parameters.keys()].filter(
    (name) =>
      part === 'model' ||
      name.startsWith(`${part}/`) ||
      (name === tied && !model.parameters.has('decoder/dense0/weights')),
  )
  const kept = valuesOf(weights, needed)
  const images = { shape: [2, shape.height, shape.width, shape.channels], free: [0] }
  const codes = { shape: [2, config.latent], free: [0] }
  switch (part) {
    case 'model':
      return writeSavedModel(folder, {
        weights: kept,
        inputs: { images },
        body: (given, parameters) => {
          const { code } = model.encode(parameters, given.images, {})
          return { images: kernels.sigmoid(model.decode(parameters, code, {})) }
        },
      })
    case 'encoder':
      return writeSavedModel(folder, {
        weights: kept,
        inputs: { images },
        body: (given, parameters) => {
          const { code, logVariance } = model.encode(parameters, given.images, {})
          return { mean: code, ...(logVariance ? { logVariance } : {}) }
        },
      })
    case 'decoder':
      return writeSavedModel(folder, {
        weights: kept,
        inputs: { codes },
        body: (given, parameters) => ({
          images: kernels.sigmoid(model.decode(parameters, given.codes, {})),
        }),
      })
  }
}

function writeDenoiser(
  { name, config: given, weights }: Extract<ExportableModel, { kind: 'denoiser' }>,
  part: ModelPart,
  folder: string,
): void {
  if (part !== 'model') {
    const reason = 'model-without-parts'
    throw new DarkroomError('model-unsuitable', `${name}: ${reason}`, { model: name, reason })
  }
  const config = checkedDenoiser({ config: given, weights })
  const trained = valuesOf(weights, [...photoDenoiserParameters(config).keys()])
  const side = 2 * sideMultiple(config)
  writeSavedModel(folder, {
    weights: new Map([...trained, ...zeroBiases(config)]),
    inputs: {
      noisy: { shape: [2, side, side, config.channels], free: [0, 1, 2] },
      sigma: { shape: [2], free: [0] },
    },
    free: [0, 1, 2],
    body: ({ noisy, sigma }, parameters) => {
      // the level of each image at every place of it: zeros of the image's own size, and σ added
      const places = tf.mul(tf.sum(kernels.spaceToDepth(noisy, 2), 3, true), 0)
      const level = tf.add(places, tf.div(kernels.reshapeItems(sigma, [1, 1, 1]), 255))
      return { images: photoDenoiser(config, parameters, noisy, level) }
    },
  })
}

const valuesOf = (weights: State, names: readonly string[]): State =>
  new Map(names.map((name) => [name, weights.get(name) as { shape: number[]; data: Float32Array }]))

/** An empty folder may be there already; a SavedModel is written beside its place and then renamed. */
function removeIfEmpty(folder: string): void {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}
