/** A small data set and small runs on it, for tests: idx files with bars and blobs that an autoencoder can learn. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noAugmentation, runConfig, type RunConfig } from '../../../../shared/training'

export const SIDE = 10

/** Images of a bar at some place with some brightness, the same for the same number. */
export function bars(count: number): Uint8Array {
  const pixels = new Uint8Array(count * SIDE * SIDE)
  for (let i = 0; i < count; i++) {
    const [place, across, light] = [i % SIDE, Math.floor(i / SIDE) % 2, 120 + ((i * 37) % 130)]
    for (let k = 0; k < SIDE; k++) {
      const [y, x] = across ? [place, k] : [k, place]
      pixels[i * SIDE * SIDE + y * SIDE + x] = light
    }
  }
  return pixels
}

/** The bytes of an idx file of images. */
export function idxOf(pixels: Uint8Array, count: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32BE(0x803, 0)
  header.writeUInt32BE(count, 4)
  header.writeUInt32BE(SIDE, 8)
  header.writeUInt32BE(SIDE, 12)
  return Buffer.concat([header, pixels])
}

/** Writes a small idx file into a folder and returns a run on it. */
export function smallRun(
  folder: string,
  changes: { model?: object; training?: object; config?: object } = {},
  count = 80,
): RunConfig {
  const path = join(folder, 'bars-idx3-ubyte')
  writeFileSync(path, idxOf(bars(count), count))
  return runConfig.parse({
    data: { kind: 'idx', path, name: 'bars', labels: null },
    binarise: false,
    validation: 0.2,
    augmentation: noAugmentation,
    model: {
      kind: 'variational',
      family: 'mlp',
      layers: [16],
      dense: 0,
      latent: 3,
      activation: 'relu',
      loss: 'cross-entropy',
      dropout: 0.1,
      beta: 1,
      betaWarmUp: 1,
      ...changes.model,
    },
    training: {
      seed: 4,
      epochs: 5,
      batch: 16,
      rate: 5e-3,
      schedule: 'cosine',
      warmUp: 0.5,
      clipNorm: 100,
      weightDecay: 0.01,
      patience: null,
      precision: 'float32',
      ...changes.training,
    },
    ...changes.config,
  })
}
