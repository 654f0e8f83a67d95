/** Training data that tests make: small, seeded, and different enough from image to image that there is something to learn. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { DataSource, RunConfig } from '../src/shared/training'

const side = 28

/** A bright spot somewhere on black, one byte a pixel. */
function spot(index: number, width = side): Uint8Array {
  const [x, y] = [4 + ((index * 7919) % (width - 8)), 4 + ((index * 104_729) % (width - 8))]
  return Uint8Array.from({ length: width * width }, (_, pixel) => {
    const distance = ((pixel % width) - x) ** 2 + (Math.floor(pixel / width) - y) ** 2
    return Math.round(255 * Math.exp(-distance / 12))
  })
}

/** Writes an idx file (the format of MNIST) of grey images of 28 × 28. */
export function writeIdx(path: string, count: number): void {
  const header = Buffer.alloc(16)
  for (const [index, value] of [0x0803, count, side, side].entries()) {
    header.writeUInt32BE(value, index * 4)
  }
  const images = Array.from({ length: count }, (_, index) => spot(index))
  writeFileSync(path, Buffer.concat([header, ...images]))
}

/** Fills a folder with PNG files and with two that cannot be used; returns the names of those two. */
export function writeFolder(path: string, count: number): [string, string] {
  mkdirSync(path, { recursive: true })
  for (let index = 0; index < count; index += 1) {
    const data = spot(index)
    const image = encode({ width: side, height: side, data, channels: 1, depth: 8 })
    writeFileSync(join(path, `spot ${index}.png`), image)
  }
  const broken = ['cut short.png', 'no picture.png'] as const
  const whole = encode({ width: side, height: side, data: spot(1), channels: 1, depth: 8 })
  writeFileSync(join(path, broken[0]), whole.subarray(0, whole.length / 2))
  writeFileSync(join(path, broken[1]), 'a text that calls itself a picture')
  return [...broken]
}

/** A bright ring, which no model of spots has seen. */
function ring(index: number): Uint8Array {
  const [x, y] = [9 + ((index * 7919) % 10), 9 + ((index * 104_729) % 10)]
  return Uint8Array.from({ length: side * side }, (_, pixel) => {
    const distance = Math.hypot((pixel % side) - x, Math.floor(pixel / side) - y)
    return Math.round(255 * Math.exp(-((distance - 6) ** 2) / 2))
  })
}

const writeImages = (path: string, images: readonly Uint8Array[]): void => {
  mkdirSync(path, { recursive: true })
  for (const [index, data] of images.entries()) {
    const image = encode({ width: side, height: side, data, channels: 1, depth: 8 })
    writeFileSync(join(path, `${index}.png`), image)
  }
}

/** A folder of spots to learn from, and one to test with: other spots in `normal`, rings in `rings`. */
export function writeAnomalies(normal: string, test: string, count: number): void {
  const numbers = Array.from({ length: count }, (_, index) => index)
  writeImages(
    normal,
    numbers.map((index) => spot(index)),
  )
  writeImages(
    join(test, 'normal'),
    numbers.slice(0, 60).map((index) => spot(count + index)),
  )
  writeImages(
    join(test, 'rings'),
    numbers.slice(0, 40).map((index) => ring(index)),
  )
}

/** Fills a folder with small colour pictures, white noise of about σ 20 in each of them. */
export function writeNoisyFolder(path: string, count: number): void {
  mkdirSync(path, { recursive: true })
  const width = 96
  let state = 1
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let index = 0; index < count; index += 1) {
    const data = Uint8Array.from({ length: width * width * 3 }, (_, value) => {
      const [x, y] = [Math.floor(value / 3) % width, Math.floor(value / 3 / width)]
      const shading = 120 + 50 * Math.sin(x / (9 + index)) * Math.cos(y / (7 + index) + (value % 3))
      return shading + 49 * (uniform() + uniform() - 1)
    })
    const image = encode({ width, height: width, data, channels: 3, depth: 8 })
    writeFileSync(join(path, `noisy ${index}.png`), image)
  }
}

/** A run that takes milliseconds an epoch on a few hundred images of 28 × 28. */
export function smallRun(data: DataSource, epochs: number): RunConfig {
  return {
    data,
    binarise: false,
    validation: 0.1,
    augmentation: { flipHorizontal: false, flipVertical: false, shift: 0, rotate: 0, zoom: 0 },
    model: {
      kind: 'autoencoder',
      family: 'mlp',
      layers: [64],
      dense: 0,
      latent: 8,
      activation: 'relu',
      loss: 'cross-entropy',
      dropout: 0,
    },
    training: {
      seed: 1,
      epochs,
      batch: 32,
      rate: 0.001,
      schedule: 'constant',
      warmUp: 0,
      clipNorm: 1,
      weightDecay: 0,
      patience: null,
      precision: 'float32',
    },
  }
}
