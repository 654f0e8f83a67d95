import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engineRequests } from '../../shared/contract'
import { findResources } from './handlers'
import { PhotoBench, silent } from './photos/testing/photoBench'
import { picture, stubEngine, writePicture } from './photos/testing/testEngine'

const bench = new PhotoBench()
const { at, open, start, addNoise, viewOf } = bench

describe('opening', () => {
  it('tells what the file holds', async () => {
    const info = await open(picture(33, 21, 1, 16))
    expect(engineRequests['photo.open'].result.parse(info)).toEqual(info)
    expect(info).toMatchObject({
      name: 'photo.png',
      format: 'png',
      width: 33,
      height: 21,
      channels: 1,
      bits: 16,
      alpha: false,
      orientation: 1,
      fileBytes: readFileSync(at('photo.png')).length,
    })
  })

  it('takes pasted bytes under a name', async () => {
    await writePicture(at('a.png'), picture(8, 8))
    const bytes = new Uint8Array(readFileSync(at('a.png')))
    const info = await bench.engine.handlers['photo.open'](
      { source: { bytes, name: 'Pasted' } },
      silent,
    )
    expect(info.name).toBe('Pasted')
  })

  it('refuses what is no image, naming the file, and goes on', async () => {
    writeFileSync(at('text.png'), 'just words')
    const refused = bench.engine.handlers['photo.open'](
      { source: { path: at('text.png') } },
      silent,
    )
    await expect(refused).rejects.toMatchObject({
      code: 'not-an-image',
      params: { file: 'text.png' },
    })
    expect((await open()).width).toBe(60)
  })

  it('keeps within its memory, and has room again after a photo was closed', async () => {
    bench.engine = stubEngine(at('resources'), bench.control, { photoBytes: 60 * 40 * 3 + 100 })
    const first = await open()
    await expect(open()).rejects.toMatchObject({
      code: 'out-of-memory',
      params: { file: 'photo.png' },
    })
    await expect(addNoise(first)).rejects.toMatchObject({ code: 'out-of-memory' })
    await bench.engine.handlers['photo.close']({ photo: first.photo }, silent)
    expect((await open()).width).toBe(60)
  })

  it('knows a closed photo no more', async () => {
    const info = await open()
    await bench.engine.handlers['photo.close']({ photo: info.photo }, silent)
    await expect(viewOf(info, 'original')).rejects.toMatchObject({ code: 'photo-unknown' })
    await expect(start(info)).rejects.toMatchObject({ code: 'photo-unknown' })
  })
})

it('lists models with their cards', async () => {
  const models = await bench.engine.handlers['models.list']({}, silent)
  expect(engineRequests['models.list'].result.parse(models)).toEqual(models)
  expect(models.map(({ card, bundled }) => [card.name, card.channels, bundled])).toEqual([
    ['denoise-colour', 3, true],
    ['denoise-grey', 1, true],
  ])
})

it('finds the resources beside the sources', () => {
  expect(readdirSync(findResources())).toContain('sample')
})
