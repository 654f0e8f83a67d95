/** Codes of many images. */
import { valuesOf } from '../data/values'
import type { Autoencoder } from '../models/openAutoencoder'
import { pixelsOf } from '../networks/autoencoder'
import type { Pace } from '../work/pace'

/** Images that are encoded between two moments for others. */
const imagesAtOnce = 512

/** Posterior means [count, latent], and log σ² of variational models. */
export interface Codes {
  count: number
  mean: Float32Array
  logVariance: Float32Array | null
}

/** Encodes images [count, height, width, channels] of bytes. */
export async function encodeBytes(
  autoencoder: Autoencoder,
  images: Uint8Array,
  { breathe, report }: Pace,
): Promise<Codes> {
  const { latent, kind } = autoencoder.config
  const size = pixelsOf(autoencoder.shape)
  const count = images.length / size
  const mean = new Float32Array(count * latent)
  const logVariance = kind === 'variational' ? new Float32Array(count * latent) : null
  for (let at = 0; at < count; at += imagesAtOnce) {
    const end = Math.min(count, at + imagesAtOnce)
    const codes = autoencoder.encode(valuesOf(images.subarray(at * size, end * size)))
    mean.set(codes.mean, at * latent)
    if (logVariance && codes.logVariance) logVariance.set(codes.logVariance, at * latent)
    report?.(end / count)
    await breathe()
  }
  return { count, mean, logVariance }
}
