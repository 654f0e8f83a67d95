import { existsSync, readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import outcomes from './corpora.outcomes.json'
import pixels from './corpora.pixels.json'
import { closeCodecs, decodeImage, inspectImage, readImageFile } from './index'
import { crc32 } from './png/chunks'
import { maximumOf, rescaled, type DecodedImage } from './planes'

/** Broken, odd and hostile files that others collected; not part of the repository. */
const corpora = resolve(import.meta.dirname, '../../../../../shared/data/corpora')

const filesOf = (folder: string): string[] =>
  readdirSync(resolve(corpora, folder))
    .filter((file) => file !== 'LICENSE')
    .map((file) => `${folder}/${file}`)

/** What comes of a file, as the list keeps it: its size, or why it was refused. */
async function outcomeOf(file: string): Promise<string> {
  return await inspectImage(resolve(corpora, file)).then(
    ({ width, height, channels, bits, orientation }) =>
      `${width}x${height}x${channels}@${bits}` +
      (orientation === 1 ? '' : ` orientation ${orientation}`),
    (error: unknown) => {
      if (!(error instanceof DarkroomError)) throw error
      expect(error.params['file']).toBe(basename(file))
      const { format } = error.params
      return format === undefined ? error.code : `${error.code}: ${format}`
    },
  )
}

/** CRC-32 over the samples on the file's own scale, alpha after the colours, 16 bits little end first. */
function checkSum(image: DecodedImage): string {
  const { data, alpha, channels, bits } = rescaled(image, maximumOf(image.bits), image.white)
  const pixels = data.length / channels
  const perPixel = channels + (alpha ? 1 : 0)
  const all = bits === 8 ? new Uint8Array(pixels * perPixel) : new Uint16Array(pixels * perPixel)
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < channels; c++) all[i * perPixel + c] = data[i * channels + c]!
    if (alpha) all[i * perPixel + channels] = alpha[i]!
  }
  const bytes = new Uint8Array(all.buffer)
  return crc32(bytes).toString(16).padStart(8, '0')
}

describe.skipIf(!existsSync(corpora))('the corpora', () => {
  afterAll(closeCodecs)

  it.each(['exif-orientation', 'huge', 'pngsuite', 'tiff'])(
    'every file of %s opens or is refused, as the list says',
    async (folder) => {
      const found: Record<string, string> = {}
      for (const file of filesOf(folder)) found[file] = await outcomeOf(file)
      const listed = Object.entries(outcomes).filter(([file]) => file.startsWith(`${folder}/`))
      expect(found).toEqual(Object.fromEntries(listed))
    },
  )

  // the numbers were made from what libpng, libjpeg-turbo and Python's `tifffile` decode, not by this code
  it('the pixels are those that other decoders find', async () => {
    const found: Record<string, string> = {}
    for (const file of Object.keys(pixels)) {
      const bytes = await readImageFile(resolve(corpora, file))
      found[file] = checkSum(await decodeImage(bytes, file))
    }
    expect(found).toEqual(pixels)
  })

  it('a photo in all eight orientations is the same picture', async () => {
    const open = async (n: number): Promise<DecodedImage> => {
      const name = `Landscape_${n}.jpg`
      return decodeImage(await readImageFile(resolve(corpora, 'exif-orientation', name)), name)
    }
    const upright = await open(1)
    for (let n = 2; n <= 8; n++) {
      const { orientation, width, height, data } = await open(n)
      expect({ orientation, width, height }).toEqual({ orientation: n, width: 1800, height: 1200 })
      let difference = 0
      for (let i = 0; i < data.length; i++) difference += Math.abs(data[i]! - upright.data[i]!)
      // they were compressed one by one, so they are nearly the same; turned wrongly they differ by 74 and more
      expect(difference / data.length).toBeLessThan(6)
    }
  })
})
