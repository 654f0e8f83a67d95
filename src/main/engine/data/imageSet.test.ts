import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DataSource } from '../../../shared/training'
import { forgetImageSets, openImageSet } from './imageSet'
import { pattern, writeIdx } from './testing/idxFiles'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-'))
})
afterEach(() => {
  forgetImageSets()
  rmSync(folder, { recursive: true })
})

const options = { cache: null }
const at = (name: string): string => join(folder, name)
const source = (name = 'train-images-idx3-ubyte', labels: string | null = null): DataSource => ({
  kind: 'idx',
  path: at(name),
  name,
  labels,
})
const [trainPixels, testPixels] = [pattern(5 * 16), pattern(2 * 16, 9)]
function writeSet(): void {
  writeIdx(at('train-images-idx3-ubyte'), [5, 4, 4], trainPixels)
  writeIdx(at('train-labels-idx1-ubyte'), [5], Uint8Array.of(0, 2, 1, 0, 2))
  writeIdx(at('t10k-images-idx3-ubyte.gz'), [2, 4, 4], testPixels)
  writeIdx(at('t10k-labels-idx1-ubyte.gz'), [2], Uint8Array.of(3, 0))
}

describe('idx files that a person chose', () => {
  it('bring the labels and the test part that lie beside them', async () => {
    writeSet()
    const { card, images, labels, test } = await openImageSet(source(), options)
    expect(images).toEqual(trainPixels)
    expect([...(labels ?? [])]).toEqual([0, 2, 1, 0, 2])
    expect(test.images).toEqual(testPixels)
    expect([...(test.labels ?? [])]).toEqual([3, 0])
    const hash = createHash('sha256')
    for (const part of [images, labels, test.images, test.labels]) hash.update(part ?? '')
    expect(card).toEqual({
      name: 'train-images-idx3-ubyte',
      kind: 'idx',
      licence: null,
      credit: null,
      images: 5,
      test: 2,
      width: 4,
      height: 4,
      channels: 1,
      labels: ['0', '1', '2', '3'],
      hash: hash.digest('hex'),
      bytes: 7 * 17,
      binary: false,
      skipped: [],
    })
  })

  it('may be alone, under any name', async () => {
    writeIdx(at('faces'), [5, 4, 4, 3], pattern(240))
    const { card, labels, test } = await openImageSet(source('faces'), options)
    expect(card).toMatchObject({ images: 5, test: 0, channels: 3, labels: null })
    expect(labels).toBeNull()
    expect(test).toEqual({ images: new Uint8Array(0), labels: null })
  })

  it('may have their labels elsewhere', async () => {
    writeIdx(at('faces'), [2, 4, 4], pattern(32))
    writeIdx(at('whose'), [2], Uint8Array.of(1, 0))
    const { labels } = await openImageSet(source('faces', at('whose')), options)
    expect([...(labels ?? [])]).toEqual([1, 0])
    writeIdx(at('whose'), [3], Uint8Array.of(1, 0, 2))
    await expect(openImageSet(source('faces', at('whose')), options)).rejects.toMatchObject({
      code: 'data-damaged',
      params: { file: 'whose', reason: 'idx-labels' },
    })
  })

  it('must be as large in the test part', async () => {
    writeSet()
    writeIdx(at('t10k-images-idx3-ubyte.gz'), [2, 4, 5], pattern(40))
    await expect(openImageSet(source(), options)).rejects.toMatchObject({
      code: 'data-sizes-differ',
      params: { file: 't10k-images-idx3-ubyte.gz', expected: '4 × 4', received: '5 × 4' },
    })
  })

  it('must be at least two, and show something', async () => {
    writeIdx(at('one'), [1, 4, 4], pattern(16))
    await expect(openImageSet(source('one'), options)).rejects.toMatchObject({
      code: 'data-too-few',
      params: { file: 'one', images: 1, least: 2 },
    })
    const plain = new Uint8Array(5 * 48).map((_, i) => [10, 20, 30][i % 3] as number)
    plain.fill(200, 48, 96)
    writeIdx(at('plain'), [5, 4, 4, 3], plain)
    await expect(openImageSet(source('plain'), options)).rejects.toMatchObject({
      code: 'data-uniform',
      params: { file: 'plain' },
    })
    plain[239] = 31
    writeIdx(at('plain'), [5, 4, 4, 3], plain)
    expect((await openImageSet(source('plain'), options)).card.images).toBe(5)
  })

  it('must fit into memory together', async () => {
    writeSet()
    const tooMuch = { code: 'training-too-large' }
    const open = (memoryBytes: number) => openImageSet(source(), { ...options, memoryBytes })
    await expect(open(79)).rejects.toMatchObject(tooMuch)
    await expect(open(111)).rejects.toMatchObject(tooMuch)
    expect((await open(112)).card.images).toBe(5)
  })

  it('are binary where every pixel is black or white', async () => {
    writeIdx(
      at('ink'),
      [2, 4, 4],
      pattern(32).map((value) => (value > 99 ? 255 : 0)),
    )
    expect((await openImageSet(source('ink'), options)).card.binary).toBe(true)
  })
})

describe('what was opened', () => {
  it('is kept, and read again once its file has changed', async () => {
    writeSet()
    const first = await openImageSet(source(), options)
    expect(await openImageSet(source(), options)).toBe(first)
    utimesSync(at('t10k-images-idx3-ubyte.gz'), new Date(0), new Date(0))
    const second = await openImageSet(source(), options)
    expect(second).not.toBe(first)
    expect(second.card).toEqual(first.card)
  })

  it('is the last one and the one before', async () => {
    for (const name of ['a', 'b', 'c']) writeIdx(at(name), [2, 4, 4], pattern(32))
    const [a, b] = [
      await openImageSet(source('a'), options),
      await openImageSet(source('b'), options),
    ]
    expect(await openImageSet(source('a'), options)).toBe(a)
    await openImageSet(source('c'), options)
    expect(await openImageSet(source('a'), options)).toBe(a)
    expect(await openImageSet(source('b'), options)).not.toBe(b)
  })

  it('is read once by two who ask at the same time', async () => {
    writeSet()
    const [a, b] = await Promise.all([1, 2].map(() => openImageSet(source(), options)))
    expect(a).toBe(b)
  })

  it('is still read for the second when the first gives up', async () => {
    writeSet()
    const stop = new AbortController()
    const first = openImageSet(source(), {
      ...options,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    const second = openImageSet(source(), options)
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect((await second).card.images).toBe(5)
  })

  it('tells its progress up to the whole', async () => {
    writeSet()
    const shares: number[] = []
    await openImageSet(source(), { ...options, onProgress: (share) => void shares.push(share) })
    expect([...shares].sort((a, b) => a - b)).toEqual(shares)
    expect(shares.at(-1)).toBe(1)
  })
})
