/** For tests only: a small data set and a configuration that is trained in an instant. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeIdx } from '../../main/engine/data/testing/idxFiles'
import type { RunConfig } from '../../shared/training'
import { noAugmentation } from '../../shared/training'

/** Disks of several sizes and places, [count, side, side]: something that can be learnt. */
export function disks(count: number, side = 8): Uint8Array {
  const pixels = new Uint8Array(count * side * side)
  for (let i = 0; i < pixels.length; i++) {
    const image = Math.floor(i / side ** 2)
    const [x, y] = [i % side, Math.floor(i / side) % side]
    const [cx, cy] = [2 + (image % (side - 3)), 2 + (Math.floor(image / 3) % (side - 3))]
    const distance = Math.hypot(x - cx, y - cy)
    pixels[i] = Math.max(0, Math.min(255, 255 * (1 + (image % 3) - distance)))
  }
  return pixels
}

/** Writes `train-images-idx3-ubyte` with 60 images and its test part with 20; returns the path of the first. */
export function writeDisks(folder: string): string {
  const path = join(folder, 'train-images-idx3-ubyte')
  writeIdx(path, [60, 8, 8], disks(60))
  writeIdx(join(folder, 't10k-images-idx3-ubyte'), [20, 8, 8], disks(20))
  return path
}

type Model = Record<string, unknown>

/** A configuration over {@link writeDisks}'s files in the same folder. */
export function smallConfig(model: Model = {}, changes: Record<string, unknown> = {}): unknown {
  const config: RunConfig = {
    data: { kind: 'idx', path: 'train-images-idx3-ubyte', name: 'disks', labels: null },
    binarise: false,
    validation: 1 / 6,
    augmentation: noAugmentation,
    model: {
      kind: 'autoencoder',
      family: 'mlp',
      layers: [16],
      dense: 0,
      latent: 3,
      activation: 'relu',
      loss: 'cross-entropy',
      dropout: 0,
    },
    training: {
      seed: 1,
      epochs: 2,
      batch: 10,
      rate: 5e-3,
      schedule: 'constant',
      warmUp: 0,
      clipNorm: null,
      weightDecay: 0,
      patience: null,
      precision: 'float32',
    },
  }
  const training = { ...config.training, ...(changes['training'] as object | undefined) }
  return { ...config, ...changes, model: { ...config.model, ...model }, training }
}

/** Writes the data and the configuration into a folder; returns the configuration's path. */
export function writeSmallConfig(
  folder: string,
  model: Model = {},
  changes: Record<string, unknown> = {},
): string {
  mkdirSync(folder, { recursive: true })
  writeDisks(folder)
  const path = join(folder, 'config.json')
  writeFileSync(path, JSON.stringify(smallConfig(model, changes)))
  return path
}
