import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { labRow } from '../../shared/lab'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import { writeSmallConfig } from '../testing/training'
import { workbench } from '../testing/workbench'

const { at, cli } = workbench()
beforeEach(async () => {
  await writePicture(at('photo.png'), picture(60, 40))
})
const codeOf = async (...argv: string[]): Promise<unknown> => {
  const outcome = await cli('lab', ...argv, '--json')
  return (outcome.json().at(-1)?.['error'] as { code: string } | undefined)?.code
}
interface Told {
  input: { psnr: number }
  rows: { method: unknown; outcome: { figures: { quality: { psnr: number } | null } } }[]
}

describe('lab', () => {
  it('tells how our models and the classical methods do on noise that was added', async () => {
    const argv = ['--noise', 'gaussian:25', '--seed', '3', '--report', at('lab.html'), '--json']
    const outcome = await cli('lab', at('photo.png'), ...argv)
    expect(outcome.status).toBe(0)
    const [told] = outcome.json() as unknown as Told[]
    expect(told?.rows.map((row) => labRow.parse(row).method)).toEqual([
      { kind: 'denoiser', model: 'denoise-colour' },
      ...['nlm', 'wavelet', 'total-variation', 'bilateral', 'median'].map((name) => ({
        kind: 'classical',
        name,
      })),
    ])
    for (const { outcome: done } of told?.rows.slice(1) ?? [])
      expect(done.figures.quality?.psnr).toBeGreaterThan(told?.input.psnr ?? Infinity)
    expect(readFileSync(at('lab.html'), 'utf8')).toContain('Non-local means')
  })

  it('measures against a clean file, and without one tells what it can', async () => {
    await cli('add-noise', at('photo.png'), '--out', at('noisy.png'), '--kind', 'gaussian:20')
    const methods = ['--methods', 'median,wavelet']
    const { out } = await cli('lab', at('noisy.png'), '--clean', at('photo.png'), ...methods)
    expect(out[0]).toMatch(/^noisy.png, 60 × 40, noise σ [\d.]+ {2}[\d.]+ dB, SSIM [\d.]+$/)
    expect(out[1]).toMatch(
      /^Median: [\d.]+ dB, SSIM [\d.]+ {2}σ left [\d.]+, residual r [\d.]+, [\d.]+ s$/,
    )
    const blind = await cli('lab', at('noisy.png'), ...methods, '--language', 'zh-Hans')
    expect(blind.out[2]).toMatch(/^小波收缩: 剩余 σ/)
  })

  it('takes an autoencoder at its own size, says of another size why not, and knows what there is', async () => {
    const config = writeSmallConfig(at('data'))
    expect(await cli('train', '--config', config, '--name', 'small')).toMatchObject({ status: 0 })
    await writePicture(at('disk.png'), picture(8, 8, 1))
    const own = await cli('lab', at('disk.png'), '--methods', 'small')
    expect(own.out[1]).toMatch(/^small: σ left [\d.]+/)
    const other = await cli('lab', at('photo.png'), '--methods', 'small')
    expect(other.status).toBe(0)
    expect(other.out[1]).toMatch(/^small: “small” reads images of 8 × 8 pixels.* 60 × 40 × 3/)
    expect(await codeOf(at('photo.png'), '--methods', 'nobody')).toBe('model-unknown')
  })

  it('refuses what makes no sense', async () => {
    expect(await codeOf()).toBe('usage')
    expect(await codeOf(at('photo.png'), at('photo.png'))).toBe('usage')
    expect(await codeOf(at('photo.png'), '--noise', 'fog:3')).toBe('usage')
    expect(await codeOf(at('photo.png'), '--noise', 'gaussian:3', '--clean', at('photo.png'))).toBe(
      'usage',
    )
    expect(await codeOf(at('nothing.png'))).toBe('file-not-found')
  })
})
