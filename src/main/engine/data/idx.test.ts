import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorText } from '../../../shared/messages'
import { errorToData } from '../../../shared/errors'
import { readIdxImages, readIdxLabels } from './idx'
import type { ReadOptions } from './reading'
import { idxBytes, pattern } from './testing/idxFiles'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idx-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(bytes: Uint8Array, name = 'images-idx3-ubyte'): string {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const images = (bytes: Uint8Array, options?: ReadOptions) => readIdxImages(file(bytes), options)
const fault = (reason: string) => ({
  code: 'data-damaged',
  params: { file: 'images-idx3-ubyte', reason },
})

const values = pattern(3 * 4 * 5)
const sound = idxBytes([3, 4, 5], values)

describe('images', () => {
  it('are read as they lie in the file, plain or gzipped', async () => {
    const expected = { count: 3, height: 4, width: 5, channels: 1, data: values }
    expect(await images(sound)).toEqual(expected)
    expect(await images(gzipSync(sound))).toEqual(expected)
    const members = Buffer.concat([gzipSync(sound.subarray(0, 9)), gzipSync(sound.subarray(9))])
    expect(await images(members)).toEqual(expected)
  })

  it('may have three channels', async () => {
    const read = await images(idxBytes([2, 4, 5, 3], pattern(120)))
    expect(read).toEqual({ count: 2, height: 4, width: 5, channels: 3, data: pattern(120) })
  })

  it('are read in parts where there are many, with progress', async () => {
    const many = pattern(20_000 * 28 * 28)
    const bytes = idxBytes([20_000, 28, 28], many)
    for (const given of [bytes, gzipSync(bytes, { level: 1 })]) {
      const shares: number[] = []
      const read = await images(given, { onProgress: (share) => void shares.push(share) })
      expect(Buffer.compare(read.data, many)).toBe(0)
      expect(shares.length).toBeGreaterThan(2)
      expect(shares.at(-1)).toBe(1)
      expect([...shares].sort((a, b) => a - b)).toEqual(shares)
    }
  })
})

describe('labels', () => {
  it('are one for each image', async () => {
    const path = file(idxBytes([4], Uint8Array.of(3, 1, 4, 1)), 'labels')
    expect([...(await readIdxLabels(path, 4))]).toEqual([3, 1, 4, 1])
    await expect(readIdxLabels(path, 5)).rejects.toMatchObject({
      code: 'data-damaged',
      params: { file: 'labels', reason: 'idx-labels' },
    })
    await expect(readIdxLabels(file(sound, 'labels'), 3)).rejects.toMatchObject({
      params: { reason: 'idx-shape' },
    })
  })
})

describe('a file that is not right is refused', () => {
  const wrong = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(sound)
    bytes[at] = value
    return bytes
  }
  const gzipped = gzipSync(sound)
  const changed = Buffer.from(gzipped)
  changed[gzipped.length - 6] = (gzipped[gzipped.length - 6] as number) ^ 1
  const cases: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), 'idx-short'],
    ['another kind of file', Buffer.from('\x89PNG\r\n\x1a\nabcdefgh', 'latin1'), 'idx-magic'],
    ['another type of values', wrong(2, 0x0d), 'idx-type'],
    ['no dimensions', wrong(3, 0), 'idx-shape'],
    ['too many dimensions', wrong(3, 200), 'idx-shape'],
    ['labels for images', idxBytes([3], values.subarray(0, 3)), 'idx-shape'],
    ['two channels', idxBytes([3, 2, 5, 2], values), 'idx-shape'],
    ['no images', idxBytes([0, 4, 5], new Uint8Array(0)), 'idx-empty'],
    ['images without pixels', idxBytes([3, 0, 5], new Uint8Array(0)), 'idx-shape'],
    ['images of a million pixels a side', idxBytes([3, 2 ** 20, 2 ** 20], values), 'idx-shape'],
    ['a count that does not fit', idxBytes([0xffffffff, 1024, 1024], values), 'idx-short'],
    ['one byte too few', sound.subarray(0, -1), 'idx-short'],
    ['a header that is cut off', sound.subarray(0, 9), 'idx-short'],
    ['one byte too many', Buffer.concat([sound, Buffer.of(0)]), 'idx-long'],
    ['gzip: one byte too few', gzipSync(sound.subarray(0, -1)), 'idx-short'],
    ['gzip: one byte too many', gzipSync(Buffer.concat([sound, Buffer.of(0)])), 'idx-long'],
    ['gzip that is cut off', gzipped.subarray(0, -12), 'idx-short'],
    ['gzip with another checksum', changed, 'idx-gzip'],
    ['gzip that is none', Buffer.concat([Buffer.of(0x1f, 0x8b), pattern(500)]), 'idx-gzip'],
    ['gzip that promises too much', gzipSync(idxBytes([1e6, 28, 28], values)), 'idx-absurd'],
  ]
  it.each(cases)('%s', async (_what, bytes, reason) => {
    await expect(images(bytes)).rejects.toMatchObject(fault(reason))
  })

  it('a header name that never ends, without collecting it', async () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3])
    const endless = Buffer.concat([header, Buffer.alloc(64 * 2 ** 20, 'a')])
    await expect(images(endless)).rejects.toMatchObject(fault('idx-gzip'))
  })

  it('a bomb, before more is inflated than was promised', async () => {
    const bomb = gzipSync(Buffer.concat([sound, Buffer.alloc(256 * 2 ** 20)]))
    await expect(images(bomb)).rejects.toMatchObject(fault('idx-long'))
  })

  it('more than there is memory for, before it is allocated', async () => {
    const path = file(idxBytes([2 ** 20, 64, 64], new Uint8Array(0)))
    truncateSync(path, 16 + 2 ** 32) // sparse: it takes no room
    await expect(readIdxImages(path, { memoryBytes: 2 ** 30 })).rejects.toMatchObject({
      code: 'training-too-large',
      params: { megabytes: 4096, limit: 1024 },
    })
  })

  it('in words, in both languages', async () => {
    const error = await images(sound.subarray(0, -1)).then(() => null, errorToData)
    expect(error && errorText(error, 'en')).toContain(
      '“images-idx3-ubyte” cannot be used: it is cut off.',
    )
    expect(error && errorText(error, 'zh-Hans')).toContain('文件不完整')
  })
})

it('reads whole images or refuses by name, whatever was changed in a file', async () => {
  const files = [sound, gzipSync(sound)]
  const change = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(),
    value: fc.integer({ min: 0, max: 255 }),
    keep: fc.option(fc.nat(), { nil: null }),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ file: given, at, value, keep }) => {
      const bytes = Buffer.from(given)
      bytes[at % bytes.length] = value
      const cut = keep === null ? bytes : bytes.subarray(0, keep % bytes.length)
      const outcome = await images(cut).then(
        ({ count, width, height, channels, data }) =>
          data.length === count * width * height * channels ? 'whole' : 'wrong',
        (error: unknown) => errorToData(error).code,
      )
      expect(['whole', 'data-damaged', 'training-too-large']).toContain(outcome)
    }),
    { numRuns: 500, seed: 1 },
  )
})

it('names a file that is missing', async () => {
  await expect(readIdxImages(join(folder, 'none'))).rejects.toMatchObject({
    code: 'file-not-found',
    params: { file: 'none' },
  })
})

it('stops when it is told to', async () => {
  const signal = AbortSignal.abort()
  await expect(images(sound, { signal })).rejects.toMatchObject({ code: 'cancelled' })
})
