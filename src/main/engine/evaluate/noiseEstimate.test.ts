import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { picture, writePicture } from '../photos/testing/testEngine'
import { noiseEstimates } from './noiseEstimate'

it('adds the same noise for the same seed and name, and reads it within a tenth', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-noise-'))
  try {
    const path = join(folder, 'picture.png')
    await writePicture(path, picture(192, 160, 3))
    const estimates = await noiseEstimates(path, [0, 10, 25], 3)
    expect(estimates.map(({ sigma }) => sigma)).toEqual([0, 10, 25])
    expect(estimates[0]?.clipped).toBeLessThan(1)
    for (const { sigma, clipped, unclipped } of estimates.slice(1)) {
      expect(Math.abs(clipped / sigma - 1)).toBeLessThan(0.1)
      expect(Math.abs(unclipped / sigma - 1)).toBeLessThan(0.1)
      expect(unclipped).not.toBe(clipped)
    }
    expect(await noiseEstimates(path, [10], 3)).toEqual([estimates[1]])
    expect(await noiseEstimates(path, [10], 4)).not.toEqual([estimates[1]])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
