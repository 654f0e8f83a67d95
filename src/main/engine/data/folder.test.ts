import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closeCodecs, encodeImage } from '../codec'
import { exifBlock, png as pngFile, pngChunk } from '../codec/testing/files'
import type { FolderSource } from './fitImage'
import { forgetImageSets, openImageSet, type OpenOptions } from './imageSet'
import { pattern } from './testing/idxFiles'

let [root, cache] = ['', '']
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'))
  cache = join(root, '.cache')
})
afterEach(() => {
  forgetImageSets()
  rmSync(root, { recursive: true })
})
afterAll(closeCodecs)

const source = (more: Partial<FolderSource> = {}): FolderSource => ({
  ...{ kind: 'folder', path: root, name: 'mine', width: 8, height: 6, channels: 1, fit: 'crop' },
  ...more,
})
const open = (more: Partial<FolderSource> = {}, options: Partial<OpenOptions> = {}) =>
  openImageSet(source(more), { cache, ...options })

const png = (value: number, width = 8, height = 6): Promise<Uint8Array> => {
  const data = pattern(width * height, value)
  data[0] = value // by which the tests know it
  const planes = { width, height, channels: 1, bits: 8, data, alpha: null } as const
  return encodeImage(planes, { format: 'png', bits: 8, quality: 90, metadata: null })
}
/** Files with images whose first pixel is their place in the list. */
async function writeImages(...names: string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), await png(index))
  }
}
const firstPixels = (images: Uint8Array): number[] =>
  Array.from({ length: images.length / 48 }, (_, i) => images[i * 48] as number)

describe('a folder', () => {
  it('gives its images in the order of their names, whatever order the disk has', async () => {
    await writeImages('b.png', 'a10.png', 'a9.PNG', 'B.png', 'ä.png')
    const { card, images, labels, test } = await open()
    expect(firstPixels(images)).toEqual([3, 1, 2, 0, 4])
    expect([labels, test]).toEqual([null, { images: new Uint8Array(0), labels: null }])
    expect(card).toMatchObject({
      ...{ name: 'mine', kind: 'folder', licence: null, credit: null, images: 5, test: 0 },
      ...{ width: 8, height: 6, channels: 1, labels: null, skipped: [] },
    })
  })

  it('has a label for each folder in it, one level deep', async () => {
    await writeImages('dog/1.png', 'cat/1.png', 'cat/2.png', 'dog/deeper/3.png', '.hidden/4.png')
    const { card, images, labels } = await open()
    expect(firstPixels(images)).toEqual([1, 2, 0])
    expect(card.labels).toEqual(['cat', 'dog'])
    expect([...(labels ?? [])]).toEqual([0, 0, 1])
  })

  it('keeps a tenth for the test from twenty images on, the same whatever is named beside', async () => {
    await writeImages(...Array.from({ length: 19 }, (_, i) => `${i}.png`))
    expect((await open()).card).toMatchObject({ images: 19, test: 0 })
    await writeImages(...Array.from({ length: 60 }, (_, i) => `${i}.png`))
    const { card, images, test } = await open()
    expect(card).toMatchObject({ images: 54, test: 6 })
    const held = firstPixels(test.images)
    expect(new Set([...held, ...firstPixels(images)]).size).toBe(60)
    // ten consecutive names do not go together
    expect(new Set(held.map((value) => Math.floor(value / 10))).size).toBeGreaterThan(2)
    for (let i = 0; i < 60; i++) if (!held.includes(i)) rmSync(join(root, `${i}.png`))
    await writeImages(...held.map((i) => `${i}.png`))
    expect((await open()).card.images).toBe(6)
  })

  it('is brought to one size and depth, upright', async () => {
    // stored as 3 × 2 pixels of 16 bits, to be turned clockwise by 90°
    const before = [pngChunk('eXIf', exifBlock(6, true))]
    const rows = [
      [0, 10, 20],
      [100, 110, 120],
    ].flatMap((row) => [0, ...row.flatMap((v) => [v, v])])
    const turned = pngFile({ width: 3, height: 2, depth: 16, colour: 0, rows, before })
    writeFileSync(join(root, 'turned.png'), turned)
    writeFileSync(join(root, 'wide.png'), await png(0, 80, 60))
    const { images } = await open({ width: 4, height: 6, channels: 3, fit: 'stretch' })
    expect(images).toHaveLength(2 * 72)
    // upright it is [100, 0], [110, 10], [120, 20]
    const corners = [0, 9, 60, 69].map((at) => [...images.slice(at, at + 3)])
    expect(corners).toEqual([100, 0, 120, 20].map((value) => [value, value, value]))
  })

  it('says which files it skipped, and why', async () => {
    await writeImages('a.png', 'b.png', 'cut.png')
    writeFileSync(join(root, 'cut.png'), readFileSync(join(root, 'cut.png')).subarray(0, 50))
    writeFileSync(join(root, 'empty.jpg'), '')
    writeFileSync(join(root, 'old.gif'), 'GIF89a')
    writeFileSync(join(root, 'notes.txt'), 'not meant to be an image')
    const { card, images } = await open()
    expect(firstPixels(images)).toEqual([0, 1])
    expect(card.skipped).toMatchObject([
      { file: 'cut.png', error: { code: 'image-damaged', params: { file: 'cut.png' } } },
      { file: 'empty.jpg', error: { code: 'file-empty' } },
      { file: 'old.gif', error: { code: 'format-unsupported', params: { format: 'GIF' } } },
    ])
  })

  it.each([
    ['that is missing', { path: '/nowhere/at/all' }, 'file-not-found', 'all'],
    ['with nothing in it', {}, 'folder-without-images', null],
  ])('%s is refused', async (_what, more, code, file) => {
    await expect(open(more)).rejects.toMatchObject({ code, ...(file && { params: { file } }) })
  })

  it('with one usable image is refused, and so are images that show nothing', async () => {
    await writeImages('a.png')
    writeFileSync(join(root, 'b.png'), 'no image')
    await expect(open()).rejects.toMatchObject({
      code: 'data-too-few',
      params: { images: 1, least: 2 },
    })
    const planes = { width: 9, height: 9, channels: 1, bits: 8, alpha: null } as const
    const options = { format: 'png', bits: 8, quality: 90, metadata: null } as const
    for (const [name, value] of [
      ['a.png', 10],
      ['b.png', 200],
    ] as const) {
      const data = new Uint8Array(81).fill(value)
      writeFileSync(join(root, name), await encodeImage({ ...planes, data }, options))
    }
    await expect(open()).rejects.toMatchObject({ code: 'data-uniform' })
  })

  it('that does not fit into memory is refused before it is read', async () => {
    await writeImages('a.png', 'b.png', 'c.png')
    await expect(
      open({ width: 1024, height: 1024, channels: 3 }, { memoryBytes: 9 * 2 ** 20 }),
    ).rejects.toMatchObject({ code: 'training-too-large', params: { megabytes: 10, limit: 9 } })
  })

  it('tells its progress and can be stopped', async () => {
    await writeImages('a.png', 'b.png', 'c.png', 'd.png')
    const stop = new AbortController()
    const shares: number[] = []
    const onProgress = (share: number): void => {
      shares.push(share)
      if (shares.length === 2) stop.abort()
    }
    await expect(open({}, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(shares).toHaveLength(2)
    expect(readdirSync(root)).not.toContain('.cache')
  })
})

describe('the cache', () => {
  const cached = (): string[] => readdirSync(cache)
  /** Opens as after a new start. */
  const again = async (more: Partial<FolderSource> = {}) => {
    forgetImageSets()
    return open(more)
  }
  /** Changes a file's bytes, but nothing by which a change is noticed. */
  function changeUnseen(name: string, bytes: Uint8Array): void {
    writeFileSync(join(root, name), bytes)
    utimesSync(join(root, name), 1000, 1000)
  }

  beforeEach(async () => {
    await writeImages(
      'dog/1.png',
      'cat/2.png',
      ...Array.from({ length: 28 }, (_, i) => `dog/x${i}.png`),
    )
    writeFileSync(join(root, 'bad.png'), 'no image')
    changeUnseen('dog/1.png', readFileSync(join(root, 'dog/1.png')))
  })

  it('gives the same set without decoding anything', async () => {
    const first = await open()
    expect(cached()).toHaveLength(1)
    const { length } = readFileSync(join(root, 'dog/1.png'))
    changeUnseen('dog/1.png', new Uint8Array(length))
    expect(await again()).toEqual(first)
  })

  it('is one for each way of making the images', async () => {
    await open()
    await again({ fit: 'pad' })
    await again({ channels: 3 })
    expect(cached()).toHaveLength(3)
  })

  it('is not used once a file has changed, come or gone', async () => {
    const first = await open()
    writeFileSync(join(root, 'dog/1.png'), await png(77, 8, 7))
    expect((await again()).card.hash).not.toBe(first.card.hash)
    rmSync(join(root, 'dog/1.png'))
    expect((await again()).card).toMatchObject({ images: 26, test: 3 })
    expect(cached()).toHaveLength(3)
  })

  it('is made again when it is damaged, wherever it is', async () => {
    const first = await open()
    const path = join(cache, cached()[0] as string)
    const sound = readFileSync(path)
    for (const at of [0, 9, 30, sound.length >> 1, sound.length - 1]) {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] as number) ^ 0x10
      writeFileSync(path, bytes)
      expect(await again()).toEqual(first)
      expect(Buffer.compare(readFileSync(path), sound)).toBe(0)
    }
    for (const bytes of [
      sound.subarray(0, -1),
      Buffer.concat([sound, Buffer.of(0)]),
      Buffer.alloc(0),
    ]) {
      writeFileSync(path, bytes)
      expect(await again()).toEqual(first)
    }
  })

  it('that cannot be written takes nothing away', async () => {
    writeFileSync(cache, 'a file where the folder should be')
    expect((await open()).card).toMatchObject({ images: 27, test: 3 })
  })
})
