import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode as independentPng } from 'fast-png'
import { decode as independentTiff } from 'tiff'
import { afterAll, describe, expect, it } from 'vitest'
import { concatenated, shapeOf } from './band'
import { bandedFormats } from './bandedFormats'
import { WorkerHost } from './host'
import { encodeInBands } from './inBands'
import { closeCodecs, decodeImage, encodeImage, type Planes } from './index'
import { exifBlock } from './testing/files'

afterAll(closeCodecs)

/** Noise, so that a row that went astray is seen, and nothing compresses away. */
function noise(
  width: number,
  height: number,
  channels: 1 | 3,
  bits: 8 | 16,
  alpha: boolean,
): Planes {
  let state = 1
  const samples = (count: number) => {
    const values = bits === 8 ? new Uint8Array(count) : new Uint16Array(count)
    return values.map(() => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16)
  }
  return {
    ...{ width, height, channels, bits },
    data: samples(width * height * channels),
    alpha: alpha ? samples(width * height) : null,
  }
}

const metadata = { exif: exifBlock(1, false), icc: null, xmp: null, profileName: null }

describe.each(['png', 'tiff'] as const)('a large %s', (format) => {
  const planes = noise(1501, 1400, 3, 16, false)
  const options = { format, bits: 16, quality: 90, metadata } as const

  it('comes back from its bands, to another reader as well', async () => {
    const bandRows = bandedFormats[format].rows(shapeOf(planes), 16)
    expect(planes.height / bandRows).toBeGreaterThan(4) // several threads, where there are
    const file = await encodeImage(planes, options)
    const back = await decodeImage(file, `x.${format}`)
    expect(back.data.findIndex((value, i) => value !== planes.data[i])).toBe(-1)
    expect(back.metadata.exif).not.toBeNull()
    const other =
      format === 'png' ? independentPng(file, { checkCrc: true }) : independentTiff(file)[0]
    expect(other?.data.findIndex((value, i) => value !== planes.data[i])).toBe(-1)
  })

  it.each([
    [1, 8, 8, true],
    [3, 8, 16, false],
    [3, 16, 8, true],
    [1, 16, 16, true],
  ] as const)(
    'is the file that one thread makes: %i channels, %i bits as %i, alpha %s',
    async (channels, bits, as, alpha) => {
      const banded = bandedFormats[format]
      const picture = noise(2000, 1500, channels, bits, alpha)
      const shape = shapeOf(picture)
      const count = banded.rows(shape, as)
      const asked = { bits: as, white: 65_535, little: true }
      const bands = []
      for (let top = 0; top < picture.height; top += count) {
        const from = top - (banded.above && top > 0 ? 1 : 0)
        const to = Math.min(picture.height, top + count)
        const part = {
          ...{ ...picture, height: to - from },
          data: picture.data.slice(from * 2000 * channels, to * 2000 * channels),
          alpha: picture.alpha && picture.alpha.slice(from * 2000, to * 2000),
        }
        bands.push(banded.band(part, asked, { first: top === 0, last: to === picture.height }))
      }
      expect(bands.length).toBeGreaterThan(1)
      const none = { exif: null, icc: null, xmp: null, profileName: null }
      const notes = bands.map(({ note }) => note)
      const { head, tail } = banded.frame(shape, { ...asked, metadata: none, start: 0 }, notes)
      const file = await encodeImage(picture, { ...options, bits: as, metadata: null })
      const made = concatenated([head, ...bands.map(({ bytes }) => bytes), tail])
      expect(Buffer.compare(file, made)).toBe(0)
    },
  )
})

it('fails as a band fails, and lets its threads go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'in-bands-'))
  const file = join(folder, 'worker.js')
  writeFileSync(
    file,
    `const { parentPort } = require('node:worker_threads')
     const error = { code: 'out-of-memory', message: 'no more', params: {} }
     let count = 0
     parentPort.on('message', () => parentPort.postMessage(
       count++ < 2 ? { ok: true, result: { bytes: new Uint8Array(0), note: [] } } : { ok: false, error }))`,
  )
  const hosts: WorkerHost[] = []
  const newHost = () => {
    const host = new WorkerHost({ file, keptUpTo: 1e9, heapMegabytes: 64 })
    hosts.push(host)
    return host
  }
  const first = newHost()
  const options = { format: 'tiff', bits: 16, quality: 90, metadata: null } as const
  const planes = noise(1500, 1400, 3, 16, false)
  await expect(encodeInBands(planes, options, first, newHost)).rejects.toMatchObject({
    code: 'out-of-memory',
  })
  await Promise.all(hosts.map((host) => host.close()))
  rmSync(folder, { recursive: true })
})
