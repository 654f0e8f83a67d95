import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AutoencoderConfig } from '../../../shared/training'
import { initialValues } from '../networks/parameters'
import { initialParameters, type PhotoDenoiserConfig } from '../networks/photoDenoiser'
import { backend, native, tf, type Tensor } from '../runtime/tensorflow'
import { exportSavedModel, type ExportableModel, type ModelPart } from './exportSavedModel'
import { modelOf } from './index'
import { openAutoencoder } from './openAutoencoder'
import { openDenoiser } from './photoDenoiser'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saved-'))
})
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const newFolder = (): string => join(root, `${folders++}`)

const shape = { height: 9, width: 8, channels: 1 }
const network = {
  family: 'cnn' as const,
  layers: [4, 6],
  dense: 10,
  latent: 3,
  activation: 'relu' as const,
  loss: 'cross-entropy' as const,
  dropout: 0,
}
const tied: AutoencoderConfig = {
  ...network,
  ...{ kind: 'contractive', family: 'mlp', layers: [], dense: 0, weight: 1 },
}
const exportable = (config: AutoencoderConfig): ExportableModel & { kind: 'autoencoder' } => ({
  name: 'mine',
  kind: 'autoencoder',
  config,
  shape,
  weights: initialValues(modelOf(config, shape).parameters, 5),
})

/** Loads what was written, feeds it and gives the named outputs. */
function runSaved(
  folder: string,
  inputs: Record<string, Tensor>,
  outputs: string[],
): Float32Array[] {
  const session = native.loadSavedModel(folder, 'serve')
  const feeds = Object.keys(inputs).map((name) => `f0/${name}:0`)
  const fetches = outputs.map((name) => `outputs/${name}:0`)
  const ids = backend.getInputTensorIds(Object.values(inputs))
  const tensors = native
    .runSavedModel(session, ids, feeds.join(), fetches.join())
    .map((metadata) => backend.createOutputTensor(metadata))
  const values = tensors.map((tensor) => tensor.dataSync() as Float32Array)
  tf.dispose([tensors, Object.values(inputs)])
  native.deleteSavedModel(session)
  return values
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(
    Math.abs(a.length - b.length),
    ...Array.from(a, (x, i) => Math.abs(x - (b[i] as number))),
  )
const pixels = (count: number): Float32Array =>
  Float32Array.from({ length: count * 72 }, (_, i) => ((i * 37) % 100) / 100)

describe.each([
  ['variational', { ...network, kind: 'variational', beta: 1, betaWarmUp: 0 }],
  ['contractive with one layer', tied],
  ['sparse', { ...network, kind: 'sparse', penalty: 'l1', target: 0.1, weight: 1 }],
] as [string, AutoencoderConfig][])('a %s model', (_name, config) => {
  it('computes in each of its parts what it computes here, for any number of images', () => {
    const model = exportable(config)
    const before = tf.memory().numTensors
    const parts = (['model', 'encoder', 'decoder'] as ModelPart[]).map((part) => {
      const folder = newFolder()
      exportSavedModel(model, part, folder)
      expect(readdirSync(folder).sort()).toEqual(['saved_model.pb', 'variables'])
      return folder
    }) as [string, string, string]
    const here = openAutoencoder(model)
    for (const count of [1, 5]) {
      const images = pixels(count)
      const fed = (): Record<string, Tensor> => ({ images: tf.tensor(images, [count, 9, 8, 1]) })
      const codes = here.encode(images)
      expect(
        apart(runSaved(parts[0], fed(), ['images'])[0] ?? [], here.reconstruct(images)),
      ).toBeLessThan(1e-5)
      const encoded = runSaved(
        parts[1],
        fed(),
        codes.logVariance ? ['mean', 'logVariance'] : ['mean'],
      )
      expect(apart(encoded[0] ?? [], codes.mean)).toBeLessThan(1e-5)
      if (codes.logVariance) expect(apart(encoded[1] ?? [], codes.logVariance)).toBeLessThan(1e-5)
      const [decoded] = runSaved(parts[2], { codes: tf.tensor(codes.mean, [count, 3]) }, ['images'])
      expect(apart(decoded ?? [], here.decode(codes.mean))).toBeLessThan(1e-5)
    }
    here.close()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a denoiser of photos', () => {
  const config: PhotoDenoiserConfig = {
    network: 'photo-denoiser',
    channels: 1,
    widths: [8, 8],
    blocks: 1,
  }
  const model: ExportableModel = {
    name: 'photos',
    kind: 'denoiser',
    config,
    weights: initialParameters(config, 3),
  }

  it('takes any number of images of any size, each with its level', () => {
    const folder = newFolder()
    exportSavedModel(model, 'model', folder)
    const here = openDenoiser({ config, weights: model.weights }, 'float32')
    for (const [height, width] of [
      [12, 20],
      [8, 4],
    ] as const) {
      const size = height * width
      const noisy = pixels(7).slice(0, 2 * size)
      const [out] = runSaved(
        folder,
        { noisy: tf.tensor(noisy, [2, height, width, 1]), sigma: tf.tensor1d([10, 40]) },
        ['images'],
      )
      const expected = [10, 40].flatMap((sigma, i) => [
        ...here.run(noisy.slice(i * size, (i + 1) * size), height, width, sigma),
      ])
      expect(apart(out ?? [], expected)).toBeLessThan(1e-5)
    }
    here.close()
  })

  it('has no parts', () => {
    const folder = newFolder()
    expect(() => exportSavedModel(model, 'decoder', folder)).toThrow(
      expect.objectContaining({
        code: 'model-unsuitable',
        params: { model: 'photos', reason: 'model-without-parts' },
      }),
    )
    expect(readdirSync(root)).not.toContain(folder)
  })
})

describe('the folder', () => {
  const model = exportable(tied)

  it('may be there if it is empty, and is left alone if it is not', () => {
    const [empty, full] = [newFolder(), newFolder()]
    mkdirSync(empty)
    exportSavedModel(model, 'decoder', empty)
    expect(readdirSync(empty)).toContain('saved_model.pb')
    mkdirSync(full)
    writeFileSync(join(full, 'notes.txt'), 'mine')
    expect(() => exportSavedModel(model, 'decoder', full)).toThrow(
      expect.objectContaining({ code: 'target-unwritable' }),
    )
    expect(readdirSync(full)).toEqual(['notes.txt'])
  })

  it('is not made of weights that do not fit', () => {
    const folder = newFolder()
    const weights = new Map([...model.weights].slice(1))
    expect(() => exportSavedModel({ ...model, weights }, 'model', folder)).toThrow(
      expect.objectContaining({ code: 'model-damaged' }),
    )
    expect(readdirSync(root)).not.toContain(folder)
  })
})
