import {
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArgsOf, EngineRequests } from '../../shared/contract'
import { engineEvents, engineRequests } from '../../shared/contract'
import type { PhotoInfo } from '../../shared/types'
import { closeCodecs, decodeImage } from './codec'
import type { Engine } from './handlers'
import { findResources } from './handlers'
import type { StubControl } from './photos/testing/testEngine'
import {
  Listener,
  newControl,
  picture,
  stubEngine,
  stubResources,
  writePicture,
  writeStubModel,
} from './photos/testing/testEngine'

let folder = ''
let engine: Engine
let control: StubControl
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
  control = newControl()
  engine = stubEngine(await stubResources(folder), control)
})
afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})
afterAll(closeCodecs)

const silent = (): void => undefined
const open = async (planes = picture(60, 40), name = 'photo.png'): Promise<PhotoInfo> => {
  const path = join(folder, name)
  await writePicture(path, planes)
  return engine.handlers['photo.open']({ source: { path } }, silent)
}
type Denoise = Omit<ArgsOf<EngineRequests, 'photo.denoise'>, 'photo'>
const usual: Denoise = { model: 'auto', sigma: 10, visible: null }
const start = async (
  info: PhotoInfo,
  wanted: Partial<Denoise> = {},
): Promise<{ job: string; listener: Listener }> => {
  const listener = new Listener()
  const args = { photo: info.photo, ...usual, ...wanted }
  const { job } = await engine.handlers['photo.denoise'](args, listener.emit)
  return { job, listener }
}
const denoise = async (
  info: PhotoInfo,
  wanted: Partial<Denoise> = {},
): ReturnType<typeof outcomeOf> => outcomeOf((await start(info, wanted)).listener)
const outcomeOf = async (listener: Listener) => (await listener.finished).outcome
const addNoise = (info: PhotoInfo, sigma = 20): Promise<null> =>
  engine.handlers['photo.addNoise'](
    { photo: info.photo, noise: { kind: 'gaussian', sigma }, seed: 1 },
    silent,
  )
const exportTo = (
  info: PhotoInfo,
  path: string,
  more: object = {},
): Promise<{ name: string; bytes: number }> =>
  engine.handlers['photo.export'](
    {
      photo: info.photo,
      layer: 'denoised',
      strength: 100,
      format: 'png',
      bits: 8,
      quality: 92,
      keepMetadata: true,
      path,
      ...more,
    },
    silent,
  )
const viewOf = async (
  info: PhotoInfo,
  layer: 'original' | 'noisy' | 'denoised',
  strength = 100,
): Promise<Uint8Array> => {
  const region = { x: 0, y: 0, width: info.width, height: info.height }
  const { width, height } = info
  const wanted = { kind: 'layer', layer, strength } as const
  const view = await engine.handlers['photo.view'](
    { photo: info.photo, picture: wanted, region, width, height },
    silent,
  )
  return view.pixels
}
const quality = (
  info: PhotoInfo,
  strength = 100,
): ReturnType<Engine['handlers']['photo.quality']> =>
  engine.handlers['photo.quality']({ photo: info.photo, strength }, silent)

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
      fileBytes: readFileSync(join(folder, 'photo.png')).length,
    })
  })

  it('takes pasted bytes under a name', async () => {
    await writePicture(join(folder, 'a.png'), picture(8, 8))
    const bytes = new Uint8Array(readFileSync(join(folder, 'a.png')))
    const info = await engine.handlers['photo.open']({ source: { bytes, name: 'Pasted' } }, silent)
    expect(info.name).toBe('Pasted')
  })

  it('refuses what is no image, naming the file, and goes on', async () => {
    writeFileSync(join(folder, 'text.png'), 'just words')
    const refused = engine.handlers['photo.open'](
      { source: { path: join(folder, 'text.png') } },
      silent,
    )
    await expect(refused).rejects.toMatchObject({
      code: 'not-an-image',
      params: { file: 'text.png' },
    })
    expect((await open()).width).toBe(60)
  })

  it('keeps within its memory, and has room again after a photo was closed', async () => {
    engine = stubEngine(join(folder, 'resources'), control, { photoBytes: 60 * 40 * 3 + 100 })
    const first = await open()
    await expect(open()).rejects.toMatchObject({
      code: 'out-of-memory',
      params: { file: 'photo.png' },
    })
    await expect(addNoise(first)).rejects.toMatchObject({ code: 'out-of-memory' })
    await engine.handlers['photo.close']({ photo: first.photo }, silent)
    expect((await open()).width).toBe(60)
  })

  it('knows a closed photo no more', async () => {
    const info = await open()
    await engine.handlers['photo.close']({ photo: info.photo }, silent)
    await expect(viewOf(info, 'original')).rejects.toMatchObject({ code: 'photo-unknown' })
    await expect(start(info)).rejects.toMatchObject({ code: 'photo-unknown' })
  })
})

describe('denoising', () => {
  it('reports its phases and a result, by events as the contract has them', async () => {
    const info = await open(picture(700, 600))
    await addNoise(info)
    const { job, listener } = await start(info, {
      sigma: null,
      visible: { x: 0, y: 0, width: 700, height: 600 },
    })
    const finished = await listener.finished
    expect(engineEvents['job.finished'].parse(finished)).toMatchObject({ job, photo: info.photo })
    for (const event of listener.progress)
      expect(engineEvents['job.progress'].parse(event)).toMatchObject({ job })
    expect(listener.progress.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['estimate', 'draft', 'exact']) as unknown,
    )
    expect(listener.progress.at(-1)).toMatchObject({ phase: 'exact', share: 1 })
    const { outcome } = finished
    expect(outcome).toMatchObject({ state: 'done', report: { sigmaEstimated: true } })
    const report = outcome.state === 'done' ? outcome.report : null
    expect(report?.sigma).toBeGreaterThan(15)
    expect(report?.sigma).toBeLessThan(25)
    expect(report?.noiseBefore.sigma).toBe(report?.sigma)
    expect(control.sigmas.slice(-2)).toEqual([report?.sigma, report?.sigma])
  })

  it('takes the level that it is given', async () => {
    expect(await denoise(await open(), { sigma: 33 })).toMatchObject({
      report: { sigma: 33, sigmaEstimated: false },
    })
    expect(control.sigmas).toEqual([33])
  })

  it('chooses the model by the channels', async () => {
    await denoise(await open(picture(20, 20, 1), 'grey.png'))
    await denoise(await open(picture(20, 20, 3), 'colour.png'))
    expect(control.opened).toEqual(['denoise-grey', 'denoise-colour'])
  })

  it('lets a grey model do colour when asked by name, not a colour model grey', async () => {
    expect(await denoise(await open(), { model: 'denoise-grey' })).toMatchObject({ state: 'done' })
    expect(control.sigmas).toHaveLength(3)
    expect(
      await denoise(await open(picture(20, 20, 1)), { model: 'denoise-colour' }),
    ).toMatchObject({
      state: 'failed',
      error: { code: 'model-unfit', params: { model: 'denoise-colour' } },
    })
  })

  it('names the models there are when asked for another', async () => {
    expect(await denoise(await open(), { model: 'nothing' })).toMatchObject({
      error: {
        code: 'model-unknown',
        params: { model: 'nothing', models: 'auto, denoise-colour, denoise-grey' },
      },
    })
  })

  it('says that a model is damaged, and goes on with the others', async () => {
    const path = join(folder, 'resources', 'denoise-colour.ldm')
    const bytes = readFileSync(path)
    bytes[100] = (bytes[100] as number) ^ 1
    writeFileSync(path, bytes)
    expect(await engine.handlers['models.list']({}, silent)).toHaveLength(1)
    expect(await denoise(await open(), { model: 'denoise-colour' })).toMatchObject({
      error: { code: 'model-damaged', params: { file: 'denoise-colour.ldm' } },
    })
    expect(await denoise(await open())).toMatchObject({ state: 'done' }) // by the grey one, channel by channel
  })

  it('fails as data when the network fails, and can be asked again', async () => {
    control.before = () => {
      throw new Error('broken')
    }
    const info = await open()
    expect(await denoise(info)).toEqual({
      state: 'failed',
      error: { code: 'internal', message: 'broken', params: {} },
    })
    control.before = silent
    expect(await denoise(info)).toMatchObject({ state: 'done' })
  })

  it('is cancelled within a tile; the call returns after the end was told', async () => {
    const info = await open(picture(1200, 900))
    const { job, listener } = await start(info)
    const calls: number[] = []
    let cancelled: Promise<null> | undefined
    control.before = (call) => {
      calls.push(call)
      if (call === 1) cancelled = engine.handlers['job.cancel']({ job }, silent)
    }
    let told = false
    void listener.finished.then(() => (told = true))
    expect(await outcomeOf(listener)).toEqual({ state: 'cancelled' })
    await cancelled
    expect(told).toBe(true)
    expect(calls).toEqual([0, 1])
    expect(await engine.handlers['job.cancel']({ job }, silent)).toBeNull()
    expect(await engine.handlers['job.cancel']({ job: 'never was' }, silent)).toBeNull()
  })

  it('of a photo that is being denoised cancels the job before; the last one wins', async () => {
    const info = await open(picture(1200, 900))
    const jobs = await Promise.all([
      start(info, { sigma: 1 }),
      start(info, { sigma: 2 }),
      start(info, { sigma: 3 }),
    ])
    const outcomes = await Promise.all(jobs.map(({ listener }) => outcomeOf(listener)))
    expect(outcomes.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'done'])
    expect(outcomes[2]).toMatchObject({ report: { sigma: 3 } })
  })

  it('answers other requests between its tiles, and shows the tiles that are done over the input', async () => {
    control.radius = 2
    const info = await open(picture(1200, 900, 1))
    const before = await viewOf(info, 'denoised')
    const { listener } = await start(info)
    const seen: number[] = []
    control.before = (call) => {
      if (call !== 2) return
      void viewOf(info, 'denoised').then((view) => {
        seen.push(view.reduce((count, value, i) => count + (value === before[i] ? 0 : 1), 0))
      })
    }
    await listener.finished
    const after = await viewOf(info, 'denoised')
    const changed = after.reduce((count, value, i) => count + (value === before[i] ? 0 : 1), 0)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeGreaterThan(0)
    expect(seen[0]).toBeLessThan(changed)
  })

  it('gives the same bytes whatever was visible meanwhile', async () => {
    control.radius = 2
    const info = await open(picture(1200, 700))
    await denoise(info)
    await exportTo(info, join(folder, 'one.png'))
    await denoise(info, { visible: { x: 700, y: 300, width: 500, height: 400 } })
    await exportTo(info, join(folder, 'two.png'))
    expect(
      readFileSync(join(folder, 'two.png')).equals(readFileSync(join(folder, 'one.png'))),
    ).toBe(true)
  })

  it('keeps two models open and closes the rest', async () => {
    await writeStubModel(join(folder, 'resources', 'third.ldm'), 'third', 3)
    for (const model of ['denoise-grey', 'denoise-colour', 'third', 'denoise-colour']) {
      expect(await denoise(await open(), { model })).toMatchObject({ state: 'done' })
    }
    expect(control.opened).toEqual(['denoise-grey', 'denoise-colour', 'third'])
    expect(control.closed).toEqual(['denoise-grey'])
    await engine.close()
    expect(control.closed.sort()).toEqual(['denoise-colour', 'denoise-grey', 'third'])
  })
})

describe('noise and quality', () => {
  it('are null as long as there is no clean original to compare with', async () => {
    const info = await open()
    await denoise(info)
    expect(await quality(info)).toBeNull()
  })

  it('measure the noisy layer, and the denoised one once it is finished', async () => {
    control.radius = 1
    const info = await open(picture(100, 80, 1))
    await addNoise(info)
    const noisyOnly = await quality(info)
    expect(noisyOnly?.noisy.psnr).toBeGreaterThan(20)
    expect(noisyOnly?.noisy.psnr).toBeLessThan(24)
    expect(noisyOnly?.denoised).toBeNull()
    await denoise(info)
    const both = await quality(info)
    expect(both?.denoised?.psnr).toBeGreaterThan((both?.noisy.psnr ?? 0) + 3)
    expect((await quality(info, 0))?.denoised).toEqual(both?.noisy)
  })

  it('drop the denoised layer when the input changes', async () => {
    const info = await open()
    await denoise(info)
    await addNoise(info)
    await expect(exportTo(info, join(folder, 'x.png'))).rejects.toMatchObject({
      code: 'result-missing',
    })
    await denoise(info)
    await engine.handlers['photo.removeNoise']({ photo: info.photo }, silent)
    await expect(exportTo(info, join(folder, 'x.png'))).rejects.toMatchObject({
      code: 'result-missing',
    })
    expect(await viewOf(info, 'noisy')).toEqual(await viewOf(info, 'original'))
  })

  it('estimate the level of what the denoiser would read', async () => {
    const info = await open(picture(200, 200))
    const level = async (): Promise<number> =>
      (await engine.handlers['photo.noiseLevel']({ photo: info.photo }, silent)).sigma
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

  it('mixes by the strength, as the export does', async () => {
    control.radius = 2
    const info = await open(picture(60, 40))
    await addNoise(info)
    await denoise(info)
    await exportTo(info, join(folder, 'half.png'), { strength: 50 })
    const exported = await decodeImage(readFileSync(join(folder, 'half.png')), 'half.png')
    const view = await viewOf(info, 'denoised', 50)
    const rgb = view.filter((_, i) => i % 4 !== 3)
    expect(Buffer.compare(Buffer.from(rgb), Buffer.from(exported.data as Uint8Array))).toBe(0)
    expect(await viewOf(info, 'denoised', 0)).toEqual(await viewOf(info, 'noisy'))
    const { denoised } = await engine.handlers['photo.pixel'](
      { photo: info.photo, x: 7, y: 9, strength: 50 },
      silent,
    )
    const at = (9 * 60 + 7) * 3
    expect(denoised).toEqual([...exported.data.subarray(at, at + 3)])
  })

  it('reads one pixel of every layer there is', async () => {
    const planes = picture(60, 40, 3, 16)
    const info = await open(planes)
    const read = (): ReturnType<Engine['handlers']['photo.pixel']> =>
      engine.handlers['photo.pixel']({ photo: info.photo, x: 59, y: 39, strength: 100 }, silent)
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
    const view = await engine.handlers['photo.view'](
      {
        photo: info.photo,
        picture: { kind: 'difference', between: ['original', 'noisy'], gain: 8, strength: 100 },
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
    const layer = { kind: 'layer', layer: 'original', strength: 100 } as const
    const view = engine.handlers['photo.view'](
      { photo: info.photo, picture: layer, region, width: 5, height: 5 },
      silent,
    )
    await expect(view).rejects.toMatchObject({ code: 'arguments-invalid' })
    const pixel = engine.handlers['photo.pixel'](
      { photo: info.photo, x: 60, y: 0, strength: 0 },
      silent,
    )
    await expect(pixel).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})

describe('exporting', () => {
  it('keeps 16 bits', async () => {
    const planes = picture(60, 40, 3, 16)
    const info = await open(planes)
    await denoise(info)
    const { name, bytes } = await exportTo(info, join(folder, 'out.png'), { bits: 16 })
    const file = readFileSync(join(folder, 'out.png'))
    expect({ name, bytes }).toEqual({ name: 'out.png', bytes: file.length })
    const back = await decodeImage(file, 'out.png')
    expect(back.bits).toBe(16)
    expect(back.data).toEqual(planes.data)
  })

  it.each([
    ['by its own name', (path: string) => path],
    [
      'by a hard link',
      (path: string) => {
        linkSync(path, `${path}.link.png`)
        return `${path}.link.png`
      },
    ],
    [
      'by a symbolic link',
      (path: string) => {
        symlinkSync(path, `${path}.link.png`)
        return `${path}.link.png`
      },
    ],
    ['by a detour', (path: string) => path.replace('photo.png', 'resources/../photo.png')],
  ])('never overwrites the source, %s', async (_how, other) => {
    const info = await open()
    const path = join(folder, 'photo.png')
    const before = readFileSync(path)
    await denoise(info)
    await expect(exportTo(info, other(path))).rejects.toMatchObject({ code: 'target-is-source' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('never overwrites the source of another open photo either', async () => {
    await open(picture(10, 10), 'other.png')
    const info = await open()
    await denoise(info)
    await expect(exportTo(info, join(folder, 'other.png'))).rejects.toMatchObject({
      code: 'target-is-source',
    })
  })

  it('waits for a result', async () => {
    const info = await open(picture(1200, 900))
    const missing = { code: 'result-missing', params: { file: 'photo.png' } }
    await expect(exportTo(info, join(folder, 'x.png'))).rejects.toMatchObject(missing)
    await expect(exportTo(info, join(folder, 'x.png'), { layer: 'noisy' })).rejects.toMatchObject(
      missing,
    )
    const { listener } = await start(info)
    await expect(exportTo(info, join(folder, 'x.png'))).rejects.toMatchObject(missing)
    await listener.finished
    await exportTo(info, join(folder, 'x.png'))
    expect(readdirSync(folder)).toContain('x.png')
  })

  it('says when it cannot write, by the name of the target', async () => {
    const info = await open()
    await denoise(info)
    await expect(exportTo(info, join(folder, 'missing', 'x.png'))).rejects.toMatchObject({
      code: 'target-unwritable',
      params: { file: 'x.png', reason: 'ENOENT' },
    })
  })
})

it('lists models with their cards', async () => {
  const models = await engine.handlers['models.list']({}, silent)
  expect(engineRequests['models.list'].result.parse(models)).toEqual(models)
  expect(models.map(({ card, bundled }) => [card.name, card.channels, bundled])).toEqual([
    ['denoise-colour', 3, true],
    ['denoise-grey', 1, true],
  ])
})

it('finds the resources beside the sources', () => {
  expect(readdirSync(findResources())).toContain('sample')
})
