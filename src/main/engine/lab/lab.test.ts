import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ArgsOf, Emit, EngineEvents, EngineRequests } from '../../../shared/contract'
import { labRun, type LabMethod, type LabRun } from '../../../shared/lab'
import type { PhotoInfo } from '../../../shared/types'
import { PhotoBench, silent } from '../photos/testing/photoBench'
import { picture } from '../photos/testing/testEngine'
import { middleOf } from '../imaging/part'

const bench = new PhotoBench()
const median: LabMethod = { kind: 'classical', name: 'median' }
const ours: LabMethod = { kind: 'denoiser', model: 'denoise-colour' }

type Wish = Omit<ArgsOf<EngineRequests, 'lab.start'>, 'photo'>
type Outcome = EngineEvents['work.finished']['outcome']

/** Runs the Lab to its end: its job, its states, how it ended. */
async function runLab(
  photo: PhotoInfo,
  wish: Partial<Wish> = {},
  heard: (job: string, run: LabRun) => void = () => undefined,
): Promise<{ job: string; runs: LabRun[]; outcome: Outcome }> {
  const runs: LabRun[] = []
  return new Promise((resolve, reject) => {
    const emit = ((name: string, payload: never) => {
      if (name === 'lab.changed') {
        runs.push(labRun.parse(structuredClone(payload)))
        heard((payload as LabRun).job, payload)
      }
      if (name === 'work.finished') {
        const { job, outcome } = payload as EngineEvents['work.finished']
        resolve({ job, runs, outcome })
      }
    }) as Emit
    const usual = { clean: null, region: null, sigma: null, methods: [median] }
    bench.engine.handlers['lab.start']({ photo: photo.photo, ...usual, ...wish }, emit).catch(
      reject,
    )
  })
}
const pixelsOf = async (
  job: string,
  of: 'noisy' | 'clean' | number,
  gain: number | null = null,
): Promise<Uint8Array> =>
  (await bench.engine.handlers['lab.picture']({ job, of, gain }, silent)).pixels
const figuresOf = (run: LabRun | undefined, row: number) => {
  const outcome = run?.rows[row]?.outcome
  if (outcome?.state !== 'done') throw new Error(`Expected row ${row} to be done.`)
  return outcome.figures
}

describe('what is compared', () => {
  it('is the middle of a large photo, in its proportions, at most a megapixel', () => {
    expect(middleOf({ x: 0, y: 0, width: 600, height: 400 })).toEqual({
      ...{ x: 0, y: 0, width: 600, height: 400 },
    })
    const { x, y, width, height } = middleOf({ x: 100, y: 50, width: 6000, height: 4000 })
    expect(width * height).toBeLessThanOrEqual(1_000_000)
    expect(width * height).toBeGreaterThan(990_000)
    expect(width / height).toBeCloseTo(1.5, 2)
    expect(
      [2 * (x - 100) + width, 2 * (y - 50) + height].map((each) => Math.round(each / 10)),
    ).toEqual([600, 400])
  })

  it('is told by its part and its level, estimated or given', async () => {
    const info = await bench.open()
    const region = { x: 4, y: 2, width: 32, height: 24 }
    const { runs } = await runLab(info, { region, sigma: 12 })
    expect(runs.at(-1)).toMatchObject({ region, sigma: 12, sigmaEstimated: false, clean: false })
    const estimated = await runLab(info)
    expect(estimated.runs.at(-1)).toMatchObject({ sigmaEstimated: true, photoWidth: 60 })
    await expect(
      runLab(info, { region: { x: 50, y: 0, width: 32, height: 24 } }),
    ).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})

describe('a run', () => {
  it('judges every method alike against the clean picture, in the order that was asked for', async () => {
    const info = await bench.open()
    await bench.addNoise(info)
    const { job, runs, outcome } = await runLab(info, { methods: [ours, median] })
    expect(outcome).toEqual({ state: 'done', report: null })
    const run = runs.at(-1)
    expect(run?.rows.map(({ title }) => title)).toEqual(['Stub', null])
    const [kept, better] = [figuresOf(run, 0), figuresOf(run, 1)]
    expect(kept.quality).toEqual(run?.input) // the stub gives its input back
    expect(better.quality?.psnr).toBeGreaterThan((run?.input?.psnr ?? Infinity) + 1)
    expect(better.noise).toBeLessThan(kept.noise)
    expect(await pixelsOf(job, 0)).toEqual(await pixelsOf(job, 'noisy'))
    expect(await pixelsOf(job, 'clean')).not.toEqual(await pixelsOf(job, 'noisy'))
    expect(runs.map(({ rows }) => rows.filter((row) => row.outcome).length)).toEqual([0, 1, 2])
  })

  it('shows what a method removed, enlarged', async () => {
    const info = await bench.open()
    await bench.addNoise(info)
    const { job } = await runLab(info, { methods: [ours, median] })
    const colours = (pixels: Uint8Array) => pixels.filter((_, i) => i % 4 < 3)
    expect(new Set(colours(await pixelsOf(job, 0, 8)))).toEqual(new Set([0]))
    const [before, after, removed] = [
      await pixelsOf(job, 'noisy'),
      await pixelsOf(job, 1),
      await pixelsOf(job, 1, 2),
    ].map(colours)
    removed?.forEach((value, i) =>
      expect(value).toBe(Math.min(255, 2 * Math.abs((before?.[i] ?? 0) - (after?.[i] ?? 0)))),
    )
  })

  it('measures against another photo of the same size, and refuses one of another', async () => {
    const noisy = await bench.open(picture(60, 40), 'noisy.png')
    const clean = await bench.open(picture(60, 40, 3, 16), 'clean.png')
    const { runs } = await runLab(noisy, { clean: clean.photo })
    expect(runs.at(-1)).toMatchObject({ clean: true })
    expect(figuresOf(runs.at(-1), 0).quality?.psnr).toBeGreaterThan(20)
    const other = await bench.open(picture(40, 60), 'other.png')
    await expect(runLab(noisy, { clean: other.photo })).rejects.toMatchObject({
      code: 'data-sizes-differ',
      params: { file: 'other.png', expected: '60 × 40 × 3', received: '40 × 60 × 3' },
    })
  })

  it('goes on after a method that fails, and says why it did', async () => {
    const info = await bench.open(picture(60, 40, 1))
    const unknown: LabMethod = { kind: 'denoiser', model: 'nobody' }
    const { runs, outcome } = await runLab(info, { methods: [ours, unknown, median] })
    expect(outcome.state).toBe('done')
    expect(runs.at(-1)?.rows.map((row) => row.outcome)).toMatchObject([
      { state: 'failed', error: { code: 'model-unfit' } },
      { state: 'failed', error: { code: 'model-unknown' } },
      { state: 'done' },
    ])
  })

  it('ends when it is cancelled, and keeps what was finished', async () => {
    const info = await bench.open()
    const cancel = (job: string, { rows }: LabRun): void => {
      if (rows[0]?.outcome) void bench.engine.handlers['job.cancel']({ job }, silent)
    }
    const { job, runs, outcome } = await runLab(info, { methods: [median, median, median] }, cancel)
    expect(outcome).toEqual({ state: 'cancelled' })
    expect(runs.at(-1)?.rows.map((row) => row.outcome?.state)).toEqual([
      'done',
      undefined,
      undefined,
    ])
    expect(await pixelsOf(job, 0)).toHaveLength(60 * 40 * 4)
    await expect(pixelsOf(job, 1)).rejects.toMatchObject({ code: 'result-missing' })
  })

  it('is not changed by what happens to the photo', async () => {
    const info = await bench.open()
    await bench.addNoise(info)
    const { job } = await runLab(info)
    const before = await pixelsOf(job, 'noisy')
    await bench.engine.handlers['photo.removeNoise']({ photo: info.photo }, silent)
    await bench.engine.handlers['photo.close']({ photo: info.photo }, silent)
    expect(await pixelsOf(job, 'noisy')).toEqual(before)
  })

  it('keeps its pictures until two others were run', async () => {
    const info = await bench.open()
    const { job } = await runLab(info)
    await runLab(info)
    expect(await pixelsOf(job, 0)).toHaveLength(60 * 40 * 4)
    await runLab(info)
    await expect(pixelsOf(job, 0)).rejects.toMatchObject({ code: 'job-unknown' })
  })
})

describe('the report', () => {
  it('holds table and pictures, needs nothing else, and escapes what came from outside', async () => {
    const info = await bench.open(picture(60, 40), 'a<b>&c.png')
    await bench.addNoise(info)
    const { job } = await runLab(info, { methods: [median, { kind: 'denoiser', model: '<i>' }] })
    const path = bench.at('lab.html')
    const options = { job, path, language: 'en', detail: null, gain: 4 } as const
    const { bytes } = await bench.engine.handlers['lab.export'](options, silent)
    const html = readFileSync(path, 'utf8')
    expect(Buffer.byteLength(html)).toBe(bytes)
    expect(html).toContain('a&lt;b&gt;&amp;c.png')
    expect(html).not.toMatch(/<i>|<script|https?:|url\(|<link/)
    const images = [...html.matchAll(/<img src="([^"]{0,22})/g)].map(([, start]) => start)
    expect(images).toHaveLength(3 * 3 - 1) // clean, noisy, median: detail, residual, whole; the noisy one has no residual
    expect(new Set(images)).toEqual(new Set(['data:image/png;base64,']))
    expect(html).toContain('<th scope="row">Median</th>')
    expect(html).toMatch(/<td>[\d.]+ dB<\/td>/)
  })

  it('is written in the language that is asked for', async () => {
    const info = await bench.open()
    const { job } = await runLab(info)
    const path = bench.at('lab.html')
    const detail = { x: 0, y: 0, width: 20, height: 10 }
    const options = { job, path, language: 'zh-Hans', detail, gain: 4 } as const
    await bench.engine.handlers['lab.export'](options, silent)
    const html = readFileSync(path, 'utf8')
    expect(html).toContain('<html lang="zh-Hans">')
    expect(html).toContain('中值滤波')
    expect(html).not.toContain('PSNR') // nobody knows the clean picture
  })
})
