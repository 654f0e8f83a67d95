/** What images are described by: a model's codes and what they are compared with, all of the same size but the pixels. */
import { setImmediate } from 'node:timers/promises'
import { initialValues } from '../networks/parameters'
import { modelOf } from '../models'
import {
  openAutoencoder,
  type Autoencoder,
  type TrainedAutoencoder,
} from '../models/openAutoencoder'
import { pixelsOf } from '../networks/autoencoder'
import { tf, type Tensor } from '../runtime/tensorflow'
import { stopIfCancelled } from './measuring'
import { principalComponents, type Components } from './principalComponents'
import { byteTable, tableOf, type FeatureTable } from './table'
import { valuesOf } from '../data/values'

/** `codes` of the model, `pixels` as they are, `pca`: as many principal components, `random`: the encoder untrained. */
export const representationNames = ['codes', 'pixels', 'pca', 'random'] as const
export type RepresentationName = (typeof representationNames)[number]

export interface Representation {
  width: number
  /** Images [n, pixels] in 0–1 (noisy ones may leave it) → features [n, width]. */
  encode(images: Float32Array): Float32Array
  /** Whether features are the pixels themselves, which need no table of their own. */
  pixels: boolean
  close(): void
}

/** Images that components are fitted to at most. */
const mostFitted = 10_000
/** Images encoded between two moments for others. */
const imagesAtOnce = 512

/** Codes of an opened model, which stays the caller's. */
export const codesOf = (autoencoder: Autoencoder): Representation => ({
  width: autoencoder.config.latent,
  encode: (images) => autoencoder.encode(images).mean,
  pixels: false,
  close: () => undefined,
})

export const pixelsThemselves = (width: number): Representation => ({
  width,
  encode: (images) => images,
  pixels: true,
  close: () => undefined,
})

/** The encoder as training finds it, its initial weights drawn by `seed`. */
export function randomEncoder(
  { config, shape }: Omit<TrainedAutoencoder, 'weights'>,
  seed: number,
): Representation {
  const weights = initialValues(modelOf(config, shape).parameters, seed)
  const autoencoder = openAutoencoder({ config, shape, weights })
  return { ...codesOf(autoencoder), close: () => autoencoder.close() }
}

export interface PrincipalCodes extends Representation {
  components: Components
  /** m + Wz of codes [n, width]: images [n, pixels], which may leave 0–1. */
  decode(codes: Float32Array): Float32Array
  /** ‖x − m − WWᵀ(x − m)‖² of images [n, pixels], one an image. */
  errors(images: Float32Array): Float32Array
}

/**
 * (x − m)W with the `count` leading components of the given training images.
 * @throws DarkroomError `cancelled`
 */
export async function principalCodes(
  given: { images: Uint8Array; size: number; indices: Int32Array },
  count: number,
  signal?: AbortSignal,
): Promise<PrincipalCodes> {
  const { size } = given
  const components = await principalComponents(given, count, signal)
  const { directions } = components
  const width = directions.shape[1] as number
  const mean = tf.tensor1d(Float32Array.from(components.mean))
  const centred = (images: Float32Array) =>
    tf.sub(tf.tensor2d(images, [images.length / size, size]), mean)
  const calculated = (calculate: () => Tensor): Float32Array => {
    const made = tf.tidy(calculate)
    const values = made.dataSync() as Float32Array
    made.dispose()
    return values
  }
  return {
    width,
    components,
    encode: (images) => calculated(() => tf.matMul(centred(images), directions)),
    decode: (codes) =>
      calculated(() => {
        const rows = tf.tensor2d(codes, [codes.length / width, width])
        return tf.add(tf.matMul(rows, directions, false, true), mean)
      }),
    errors: (images) =>
      calculated(() => {
        const x = centred(images)
        const kept = tf.sum(tf.square(tf.matMul(x, directions)), 1)
        return tf.sub(tf.sum(tf.square(x), 1), kept)
      }),
    pixels: false,
    close: () => tf.dispose([mean, directions]),
  }
}

export interface TableOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((share: number) => void) | undefined
  /** Called with the images of each step, [n, pixels] in 0–1, and the place of the first. Default: as they are. */
  shown?: (images: Float32Array, first: number) => Float32Array
}

/**
 * The features of all images [count, size], one row each.
 * @throws DarkroomError `cancelled`
 */
export async function featureTable(
  representation: Representation,
  images: Uint8Array,
  size: number,
  { signal, onProgress, shown }: TableOptions = {},
): Promise<FeatureTable> {
  if (representation.pixels && !shown) return byteTable(images, size)
  const { width } = representation
  const count = images.length / size
  const values = new Float32Array(count * width)
  for (let at = 0; at < count; at += imagesAtOnce) {
    const end = Math.min(count, at + imagesAtOnce)
    const clean = valuesOf(images.subarray(at * size, end * size))
    values.set(representation.encode(shown ? shown(clean, at) : clean), at * width)
    onProgress?.(end / count)
    await setImmediate()
    stopIfCancelled(signal)
  }
  return tableOf(values, width)
}

/** All four of a model. The caller closes them. @throws DarkroomError `cancelled` */
export async function representationsOf(
  autoencoder: Autoencoder,
  training: { images: Uint8Array; indices: Int32Array },
  seed: number,
  signal?: AbortSignal,
): Promise<Record<RepresentationName, Representation> & { pca: PrincipalCodes }> {
  const { config, shape } = autoencoder
  const size = pixelsOf(shape)
  const { images, indices } = training
  const fitted = indices.slice(0, mostFitted)
  const pca = await principalCodes({ images, size, indices: fitted }, config.latent, signal)
  return {
    codes: codesOf(autoencoder),
    pixels: pixelsThemselves(size),
    pca,
    random: randomEncoder({ config, shape }, seed),
  }
}
