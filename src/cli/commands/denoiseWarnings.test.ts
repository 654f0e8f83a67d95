/** What `denoise` says even where model and level were set by hand. */
import { expect, it } from 'vitest'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import { workbench } from '../testing/workbench'

const { at, cli } = workbench()
const denoised = async (name: string, ...options: string[]): Promise<string[]> =>
  (await cli('denoise', at(name), '--out', at('out.png'), ...options)).out

it('tells of a given level above what the model was trained for, and of no other', async () => {
  await writePicture(at('in.png'), picture(50, 40))
  expect(await denoised('in.png', '--sigma', '55')).toHaveLength(1)
  const [, why] = await denoised('in.png', '--sigma', '56')
  expect(why).toMatch(/level 56\.0, as set by hand and above what this model was trained for/)
})

it('tells of impulses that were replaced, and their share', async () => {
  await writePicture(at('in.png'), picture(300, 200))
  const noise = ['--kind', 'salt-pepper', '--share', '0.1', '--seed', '1']
  await cli('add-noise', at('in.png'), '--out', at('noisy.png'), ...noise)
  const [, why = ''] = await denoised('noisy.png', '--sigma', '5')
  const share = Number(/Before, ([\d.]+) % of the values/.exec(why)?.[1])
  expect(share).toBeGreaterThan(8)
  expect(share).toBeLessThan(12)
})
