import { mkdirSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import type { Outcome } from '../testing/runCli'
import { workbench } from '../testing/workbench'

const bench = workbench()
const { at, cli } = bench

describe('evaluate denoise', () => {
  beforeEach(async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', '1.png'), picture(64, 64, 1))
    await writePicture(at('set', '2.png'), picture(96, 64, 1))
  })
  const evaluate = (...flags: string[]): Promise<Outcome> =>
    cli('evaluate', 'denoise', '--images', at('set'), '--json', ...flags)

  it('measures the noise itself when the network gives back what it reads', async () => {
    const result = await evaluate('--sigma', '5,10', '--known-sigma')
    expect(result.status).toBe(0)
    const [summary] = result.json() as {
      results: { sigma: number; psnr: number; ssim: number; images: number }[]
    }[]
    expect(summary).toEqual({
      model: 'denoise-grey',
      results: [
        expect.objectContaining({ sigma: 5, images: 2 }),
        expect.objectContaining({ sigma: 10, images: 2 }),
      ],
      secondsPerMegapixel: expect.any(Number) as unknown,
    })
    // 20 log₁₀(255 / σ): the picture is far enough from black and white for nothing to be clipped at these levels.
    expect(summary?.results[0]?.psnr).toBeCloseTo(34.15, 0)
    expect(summary?.results[1]?.psnr).toBeCloseTo(28.13, 0)
    expect(new Set(bench.control.sigmas)).toEqual(new Set([5, 10]))
  })

  it('estimates the level unless it is to be known', async () => {
    await evaluate('--sigma', '20')
    const levels = bench.control.sigmas.filter((sigma) => sigma > 10)
    expect(levels.length).toBeGreaterThanOrEqual(2)
    for (const sigma of levels) expect(Math.abs(sigma - 20)).toBeLessThan(3)
  })

  it('gives the same figures again for the same seed', async () => {
    const results = async (seed: string): Promise<unknown> =>
      (await evaluate('--sigma', '25', '--seed', seed)).json()[0]?.['results']
    const first = await results('0')
    expect(await results('0')).toEqual(first)
    expect(await results('1')).not.toEqual(first)
  })

  it('makes colour grey for a grey model, and names grey images that a colour model cannot do', async () => {
    await writePicture(at('set', '3.png'), picture(64, 64, 3))
    const grey = await evaluate('--sigma', '25', '--model', 'denoise-grey')
    expect(grey.json()[0]).toMatchObject({ results: [{ images: 3 }] })
    const colour = await evaluate('--sigma', '25', '--model', 'denoise-colour')
    expect(colour.status).toBe(1)
    expect(colour.json().at(-1)).toMatchObject({
      model: 'denoise-colour',
      results: [{ images: 1 }],
    })
    expect(colour.errors.every((line) => line.includes('is for colour images'))).toBe(true)
  })
})

describe('evaluate noise-estimate', () => {
  it('tells how far the estimates are off at each level, and the largest of the files as they are', async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', '1.png'), picture(128, 96, 1))
    await writePicture(at('set', '2.png'), picture(128, 128, 3))
    const { status, json } = await cli(
      ...['evaluate', 'noise-estimate', '--images', at('set')],
      ...['--sigma', '0,20', '--json'],
    )
    expect(status).toBe(0)
    const [{ results }] = json() as unknown as [
      {
        results: {
          sigma: number
          images: number
          clipped: { mean: number; largest?: number; worstError?: number }
        }[]
      },
    ]
    expect(results.map(({ sigma, images }) => [sigma, images])).toEqual([
      [0, 2],
      [20, 2],
    ])
    expect(results[0]?.clipped.largest).toBeLessThan(1)
    expect(results[1]?.clipped.worstError).toBeLessThan(0.15)
    expect(Math.abs((results[1]?.clipped.mean ?? 0) - 20)).toBeLessThan(2)
  })
})

describe('evaluate denoise --pairs', () => {
  it('measures files beside their clean ones, and names what is missing', async () => {
    mkdirSync(at('pairs'))
    const pairs = (): Promise<Outcome> =>
      cli('evaluate', 'denoise', '--pairs', at('pairs'), '--json')
    expect((await pairs()).json().at(-1)).toMatchObject({
      error: { code: 'folder-without-images' },
    })
    await writePicture(at('pairs', 'a_real.png'), picture(64, 64, 1))
    expect((await pairs()).json().at(-1)).toMatchObject({ error: { code: 'file-not-found' } })
    await writePicture(at('pairs', 'a_mean.png'), picture(64, 64, 1))
    const { status, json } = await pairs()
    expect(status).toBe(0)
    expect(json()[0]).toMatchObject({
      results: [{ pairs: 1, ssim: expect.any(Number) as unknown }],
      files: [{ name: 'a_real.png', model: 'denoise-grey' }],
    })
  })
})
