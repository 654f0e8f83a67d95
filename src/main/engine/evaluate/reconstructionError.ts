/** How well a model gives images back, beside as many principal components as it has latents. */
import type { Autoencoder } from '../models/openAutoencoder'
import { pausing } from './measuring'
import type { PrincipalCodes } from './representations'
import { valuesAt } from '../data/values'

export interface ReconstructionErrors {
  /** Mean squared error a pixel, pixels in 0–1; codes without anything random. */
  model: number
  pca: number
}

const imagesAtOnce = 256

/** @throws DarkroomError `cancelled` */
export async function reconstructionErrors(
  autoencoder: Autoencoder,
  pca: PrincipalCodes,
  { images, size, indices }: { images: Uint8Array; size: number; indices: Int32Array },
  signal?: AbortSignal,
): Promise<ReconstructionErrors> {
  const pause = pausing(signal)
  const sums = { model: 0, pca: 0 }
  for (let at = 0; at < indices.length; at += imagesAtOnce) {
    const places = indices.subarray(at, at + imagesAtOnce)
    const clean = valuesAt(images, size, places)
    const outputs = autoencoder.reconstruct(clean)
    clean.forEach((value, i) => (sums.model += (value - (outputs[i] as number)) ** 2))
    for (const error of pca.errors(clean)) sums.pca += Math.max(0, error)
    await pause()
  }
  const values = indices.length * size
  return { model: sums.model / values, pca: sums.pca / values }
}
