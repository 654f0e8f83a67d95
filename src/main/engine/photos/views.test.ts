import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { EngineRequests, ResultOf } from '../../../shared/contract'
import { fullLook } from '../../../shared/types'
import { decodeImage } from '../codec'
import { PhotoBench, silent } from './testing/photoBench'
import { picture } from './testing/testEngine'

const half = { luma: 50, chroma: 50, texture: 0 }
const none = { luma: 0, chroma: 0, texture: 100 }

const bench = new PhotoBench()
const { at, open, denoise, addNoise, exportTo, viewOf, quality } = bench

describe('noise and quality', () => {
  it('are null as long as there is no clean original to compare with', async () => {
    const info = await open()
    await denoise(info)
    expect(await quality(info)).toBeNull()
  })

  it('measure the noisy layer, and the denoised one once it is finished', async () => {
    bench.control.radius = 1
    const info = await open(picture(100, 80, 1))
    await addNoise(info)
    const noisyOnly = await quality(info)
    expect(noisyOnly?.noisy.psnr).toBeGreaterThan(20)
    expect(noisyOnly?.noisy.psnr).toBeLessThan(24)
    expect(noisyOnly?.denoised).toBeNull()
    await denoise(info)
    const both = await quality(info)
    expect(both?.denoised?.psnr).toBeGreaterThan((both?.noisy.psnr ?? 0) + 3)
    expect((await quality(info, none))?.denoised).toEqual(both?.noisy)
  })

  it('drop the denoised layer when the input changes', async () => {
    const info = await open()
    await denoise(info)
    await addNoise(info)
    await expect(exportTo(info, at('x.png'))).rejects.toMatchObject({
      code: 'result-missing',
    })
    await denoise(info)
    await bench.engine.handlers['photo.removeNoise']({ photo: info.photo }, silent)
    await expect(exportTo(info, at('x.png'))).rejects.toMatchObject({
      code: 'result-missing',
    })
    expect(await viewOf(info, 'noisy')).toEqual(await viewOf(info, 'original'))
  })

  it('estimate the level of what the denoiser would read', async () => {
    const info = await open(picture(200, 200))
    const level = async (): Promise<number> =>
      (await bench.engine.handlers['photo.noiseLevel']({ photo: info.photo }, silent)).sigma
    const clean = await level()
    await addNoise(info, 25)
    expect(await level()).toBeGreaterThan(clean + 15)
  })
})

describe('looking', () => {
  it('shows the pixels as they are at 100 %', async () => {
    const planes = picture(60, 40)
    const info = await open(planes)
    const view = await viewOf(info, 'original')
    expect(view).toHaveLength(60 * 40 * 4)
    expect([...view.subarray(4 * 777, 4 * 778)]).toEqual([
      ...planes.data.subarray(3 * 777, 3 * 778),
      255,
    ])
  })

  it('mixes by the look, as the export does', async () => {
    bench.control.radius = 2
    const info = await open(picture(60, 40))
    await addNoise(info)
    await denoise(info)
    await exportTo(info, at('half.png'), { look: half })
    const exported = await decodeImage(readFileSync(at('half.png')), 'half.png')
    const view = await viewOf(info, 'denoised', half)
    const rgb = view.filter((_, i) => i % 4 !== 3)
    expect(Buffer.compare(Buffer.from(rgb), Buffer.from(exported.data as Uint8Array))).toBe(0)
    expect(await viewOf(info, 'denoised', none)).toEqual(await viewOf(info, 'noisy'))
    const { denoised } = await bench.engine.handlers['photo.pixel'](
      { photo: info.photo, x: 7, y: 9, look: half },
      silent,
    )
    const place = (9 * 60 + 7) * 3
    expect(denoised).toEqual([...exported.data.subarray(place, place + 3)])
  })

  it('reads one pixel of every layer there is', async () => {
    const planes = picture(60, 40, 3, 16)
    const info = await open(planes)
    const read = (): Promise<ResultOf<EngineRequests, 'photo.pixel'>> =>
      bench.engine.handlers['photo.pixel'](
        { photo: info.photo, x: 59, y: 39, look: fullLook },
        silent,
      )
    const original = [...planes.data.subarray(-3)]
    expect(await read()).toEqual({ original, noisy: null, denoised: null })
    await addNoise(info)
    await denoise(info)
    const all = await read()
    expect(all.noisy).toHaveLength(3)
    expect(all.noisy).not.toEqual(original)
    expect(all.denoised).toEqual(all.noisy) // the stub gives back what it reads
  })

  it('shows a difference of two layers', async () => {
    const info = await open(picture(60, 40, 1))
    const region = { x: 10, y: 5, width: 20, height: 20 }
    const view = await bench.engine.handlers['photo.view'](
      {
        photo: info.photo,
        picture: { kind: 'difference', between: ['original', 'noisy'], gain: 8, look: fullLook },
        region,
        width: 20,
        height: 20,
      },
      silent,
    )
    expect([...view.pixels.filter((_, i) => i % 4 !== 3)].every((value) => value === 0)).toBe(true)
  })

  it('refuses a region that leaves the photo', async () => {
    const info = await open()
    const region = { x: 50, y: 0, width: 11, height: 5 }
    const layer = { kind: 'layer', layer: 'original', look: fullLook } as const
    const view = bench.engine.handlers['photo.view'](
      { photo: info.photo, picture: layer, region, width: 5, height: 5 },
      silent,
    )
    await expect(view).rejects.toMatchObject({ code: 'arguments-invalid' })
    const pixel = bench.engine.handlers['photo.pixel'](
      { photo: info.photo, x: 60, y: 0, look: none },
      silent,
    )
    await expect(pixel).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})
