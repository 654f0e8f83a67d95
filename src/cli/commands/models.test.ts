import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workbench } from '../testing/workbench'

const bench = workbench()
const { cli } = bench

describe('models', () => {
  it('lists what --model can name', async () => {
    const result = await cli('models', '--json')
    const [list] = result.json() as unknown as { card: { name: string } }[][]
    expect(list?.map(({ card }) => card.name)).toEqual(['denoise-colour', 'denoise-grey'])
    expect((await cli('models')).out.join('\n')).toMatch(
      /denoise-grey: Stub; grey, σ 0–55.*\n {4}PSNR: 30.5 dB/,
    )
    expect(bench.control.opened).toEqual([])
  })

  it('names a bundled model that is damaged', async () => {
    writeFileSync(join(bench.resources, 'denoise-grey.ldm'), 'nothing of ours')
    const result = await cli('models', '--json')
    expect([result.status, result.errors]).toEqual([
      1,
      ['“denoise-grey.ldm” is not a model of this program. Choose an .ldm file that it made.'],
    ])
    expect(result.json()).toHaveLength(1)
  })
})
