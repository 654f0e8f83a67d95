import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engineEvents } from '../../../shared/contract'
import type { PhotoInfo } from '../../../shared/types'
import { normals } from '../imaging/testing/pictures'
import { PhotoBench, silent } from './testing/photoBench'
import { Listener, picture, writeStubModel } from './testing/testEngine'

const bench = new PhotoBench()
const { at, open, start, denoise, addNoise, exportTo, viewOf } = bench

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
    expect(bench.control.sigmas.slice(-2)).toEqual([report?.sigma, report?.sigma])
  })

  it('takes the level that it is given', async () => {
    expect(await denoise(await open(), { sigma: 33 })).toMatchObject({
      report: { sigma: 33, sigmaEstimated: false },
    })
    expect(bench.control.sigmas).toEqual([33])
  })

  it('takes a level by brightness, and reports its root mean square over the photo', async () => {
    const even = { ...picture(40, 40, 1), data: new Uint8Array(1600).fill(128) }
    expect(await denoise(await open(even), { sigma: [4, 6, 9] })).toMatchObject({
      report: {
        sigma: expect.closeTo(6, 1) as number,
        byBrightness: [4, 6, 9],
        sigmaEstimated: false,
      },
    })
    expect(bench.control.sigmas).toHaveLength(1)
  })

  it('chooses the model by the channels', async () => {
    await denoise(await open(picture(20, 20, 1), 'grey.png'))
    await denoise(await open(picture(20, 20, 3), 'colour.png'))
    expect(bench.control.opened).toEqual(['denoise-grey', 'denoise-colour'])
  })

  it('lets a grey model do colour when asked by name, not a colour model grey', async () => {
    expect(await denoise(await open(), { model: 'denoise-grey' })).toMatchObject({ state: 'done' })
    expect(bench.control.sigmas).toHaveLength(3)
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
    const path = at('resources', 'denoise-colour.ldm')
    const bytes = readFileSync(path)
    bytes[100] = (bytes[100] as number) ^ 1
    writeFileSync(path, bytes)
    expect(await bench.engine.handlers['models.list']({}, silent)).toHaveLength(1)
    expect(await denoise(await open(), { model: 'denoise-colour' })).toMatchObject({
      error: { code: 'model-damaged', params: { file: 'denoise-colour.ldm' } },
    })
    expect(await denoise(await open())).toMatchObject({ state: 'done' }) // by the grey one, channel by channel
  })

  it('fails as data when the network fails, and can be asked again', async () => {
    bench.control.before = () => {
      throw new Error('broken')
    }
    const info = await open()
    expect(await denoise(info)).toEqual({
      state: 'failed',
      error: { code: 'internal', message: 'broken', params: {} },
    })
    bench.control.before = silent
    expect(await denoise(info)).toMatchObject({ state: 'done' })
  })

  it('is cancelled within a tile; the call returns after the end was told', async () => {
    const info = await open(picture(1200, 900))
    const { job, listener } = await start(info)
    const calls: number[] = []
    let cancelled: Promise<null> | undefined
    bench.control.before = (call) => {
      calls.push(call)
      if (call === 1) cancelled = bench.engine.handlers['job.cancel']({ job }, silent)
    }
    let told = false
    void listener.finished.then(() => (told = true))
    expect((await listener.finished).outcome).toEqual({ state: 'cancelled' })
    await cancelled
    expect(told).toBe(true)
    expect(calls).toEqual([0, 1])
    expect(await bench.engine.handlers['job.cancel']({ job }, silent)).toBeNull()
    expect(await bench.engine.handlers['job.cancel']({ job: 'never was' }, silent)).toBeNull()
  })

  it('of a photo that is being denoised cancels the job before; the last one wins', async () => {
    const info = await open(picture(1200, 900))
    const jobs = await Promise.all([
      start(info, { sigma: 1 }),
      start(info, { sigma: 2 }),
      start(info, { sigma: 3 }),
    ])
    const outcomes = await Promise.all(jobs.map(({ listener }) => listener.finished))
    expect(outcomes.map(({ outcome }) => outcome.state)).toEqual(['cancelled', 'cancelled', 'done'])
    expect(outcomes[2]?.outcome).toMatchObject({ report: { sigma: 3 } })
  })

  it('answers other requests between its tiles, and shows the tiles that are done over the input', async () => {
    bench.control.radius = 2
    const info = await open(picture(1200, 900, 1))
    const before = await viewOf(info, 'denoised')
    const { listener } = await start(info)
    const seen: number[] = []
    bench.control.before = (call) => {
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
    bench.control.radius = 2
    const info = await open(picture(1200, 700))
    await denoise(info)
    await exportTo(info, at('one.png'))
    await denoise(info, { visible: { x: 700, y: 300, width: 500, height: 400 } })
    await exportTo(info, at('two.png'))
    expect(readFileSync(at('two.png')).equals(readFileSync(at('one.png')))).toBe(true)
  })

  it('says why it took its model and its level', async () => {
    const reasonsOf = async (...asked: Parameters<typeof denoise>): Promise<unknown> => {
      const outcome = await denoise(...asked)
      return outcome.state === 'done' ? [outcome.report.model, outcome.report.reasons] : outcome
    }
    const colour = await open(picture(300, 200))
    expect(await reasonsOf(colour, { sigma: 9 })).toEqual([
      'denoise-colour',
      { model: 'colour', level: 'given', impulses: null },
    ])
    expect(await reasonsOf(colour, { sigma: null, model: 'denoise-grey' })).toEqual([
      'denoise-grey',
      { model: 'named', level: 'hardly-any', impulses: null },
    ])
    const grey = await open(picture(300, 200, 1), 'grey.png')
    await addNoise(grey, 20)
    expect(await reasonsOf(grey, { sigma: null })).toMatchObject([
      'denoise-grey',
      { model: 'grey', level: 'estimated' },
    ])
    await addNoise(grey, 80)
    expect(await reasonsOf(grey, { sigma: null })).toMatchObject([
      'denoise-grey',
      { level: 'above-range' },
    ])
  })

  it('tells of impulses, keeps them out of the texture, and gives the noisy photo back at strength 0', async () => {
    const info = await open(picture(300, 200))
    const noise = { kind: 'salt-pepper', share: 0.1 } as const
    await bench.engine.handlers['photo.addNoise']({ photo: info.photo, noise, seed: 1 }, silent)
    const outcome = await denoise(info, { sigma: 0 })
    const report = outcome.state === 'done' ? outcome.report : null
    expect(report?.reasons.impulses).toBeCloseTo(0.1, 1)
    expect(report?.noiseBefore.impulses?.black).toBeCloseTo(0.05, 1)
    const without = await viewOf(info, 'denoised')
    const textured = await viewOf(info, 'denoised', { luma: 100, chroma: 100, texture: 100 })
    const noisy = await viewOf(info, 'noisy')
    const extremes = (view: Uint8Array): number =>
      view.reduce((sum, value, i) => sum + Number(i % 4 < 3 && (value === 0 || value === 255)), 0)
    expect(extremes(noisy)).toBeGreaterThan(0.08 * 3 * 300 * 200)
    expect(extremes(without)).toBeLessThan(0.1 * extremes(noisy))
    expect(extremes(textured)).toBeLessThan(0.1 * extremes(noisy))
    const none = await viewOf(info, 'denoised', { luma: 0, chroma: 0, texture: 100 })
    expect(Buffer.compare(none, noisy)).toBe(0)
  })

  it('keeps two models open and closes the rest', async () => {
    await writeStubModel(at('resources', 'third.ldm'), 'third', 3)
    for (const model of ['denoise-grey', 'denoise-colour', 'third', 'denoise-colour']) {
      expect(await denoise(await open(), { model })).toMatchObject({ state: 'done' })
    }
    expect(bench.control.opened).toEqual(['denoise-grey', 'denoise-colour', 'third'])
    expect(bench.control.closed).toEqual(['denoise-grey'])
    await bench.engine.close()
    expect(bench.control.closed.sort()).toEqual(['denoise-colour', 'denoise-grey', 'third'])
  })
})

describe('scoring', () => {
  const scoreOf = async (info: PhotoInfo): Promise<{ job: string; listener: Listener }> => {
    const listener = new Listener()
    const args = { photo: info.photo, model: 'auto', sigma: 20 }
    const { job } = await bench.engine.handlers['photo.score'](args, listener.emit)
    return { job, listener }
  }

  it('tells the error at hidden pixels beside the noise, and its progress by the contract', async () => {
    const info = await open(picture(300, 200, 1))
    await addNoise(info, 20)
    bench.control.radius = 2
    const { listener } = await scoreOf(info)
    const finished = engineEvents['job.finished'].parse(await listener.finished)
    const score = finished.outcome.state === 'scored' ? finished.outcome.score : null
    expect(score?.noise).toBeGreaterThan(18)
    expect(score?.interpolation).toBeGreaterThan(score?.noise ?? Infinity)
    expect(score?.error).toBeGreaterThan(score?.noise ?? Infinity)
    expect(score?.error).toBeLessThan(30)
    const events = listener.progress.map((event) => engineEvents['job.progress'].parse(event))
    expect(events.at(-1)).toMatchObject({ phase: 'score', share: 1, region: null })
  })

  it('is refused where noise is correlated between pixels', async () => {
    const planes = picture(300, 200, 1)
    const normal = normals(1)
    const white = Float64Array.from(planes.data, () => 20 * normal())
    planes.data.forEach((value, i) => {
      planes.data[i] = value + ((white[i] ?? 0) + (white[i + 1] ?? 0)) / 2
    })
    const { listener } = await scoreOf(await open(planes))
    expect((await listener.finished).outcome).toMatchObject({
      state: 'failed',
      error: { code: 'score-invalid', params: { file: 'photo.png' } },
    })
  })

  it('makes way for denoising, and changes nothing of a result', async () => {
    const info = await open(picture(400, 300, 1))
    await addNoise(info, 20)
    await denoise(info)
    const before = await viewOf(info, 'denoised')
    const { listener } = await scoreOf(info)
    await (
      await start(info)
    ).listener.finished
    expect((await listener.finished).outcome).toEqual({ state: 'cancelled' })
    expect(await viewOf(info, 'denoised')).toEqual(before)
  })
})
