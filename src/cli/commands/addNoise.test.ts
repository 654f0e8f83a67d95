import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import { workbench } from '../testing/workbench'

const { at, cli, read } = workbench()

describe('add-noise', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    await writePicture(at('in.png'), picture(50, 40))
    const noisy = async (name: string, seed: string): Promise<Buffer> => {
      const flags = ['--kind', 'gaussian', '--sigma', '25', '--seed', seed]
      expect((await cli('add-noise', at('in.png'), '--out', at(name), ...flags)).status).toBe(0)
      return readFileSync(at(name))
    }
    const first = await noisy('1.png', '0')
    expect((await noisy('2.png', '0')).equals(first)).toBe(true)
    expect((await noisy('3.png', '1')).equals(first)).toBe(false)
  })

  it.each([
    [['--kind', 'gaussian', '--sigma', '25'], { kind: 'gaussian', sigma: 25 }],
    [['--kind', 'poisson', '--photons', '100'], { kind: 'poisson', photons: 100 }],
    [['--kind', 'salt-pepper', '--share', '0.1'], { kind: 'salt-pepper', share: 0.1 }],
    [['--kind', 'speckle', '--sigma', '30'], { kind: 'speckle', sigma: 30 }],
    [['--kind', 'masking', '--share', '0.2'], { kind: 'masking', share: 0.2 }],
    [['--kind', 'jpeg', '--quality', '40'], { kind: 'jpeg', quality: 40 }],
    [
      ['--kind', 'poisson:50', '--kind', 'jpeg:60'],
      {
        kind: 'mixed',
        parts: [
          { kind: 'poisson', photons: 50 },
          { kind: 'jpeg', quality: 60 },
        ],
      },
    ],
  ])('%j', async (flags, noise) => {
    const planes = picture(64, 48)
    await writePicture(at('in.png'), planes)
    const result = await cli('add-noise', at('in.png'), '--out', at('out.png'), ...flags, '--json')
    expect(result.json()).toEqual([expect.objectContaining({ noise, seed: 0 })])
    expect((await read(at('out.png'))).data).not.toEqual(planes.data)
  })
})
