import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import { workbench } from '../testing/workbench'

const { at, cli } = workbench()

describe('inspect', () => {
  it('gives one object a line: what the file holds, or why not', async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', 'a.png'), picture(30, 20, 1, 16))
    await writePicture(at('set', 'b.jpg'), picture(30, 20), 'jpeg')
    writeFileSync(at('set', 'c.png'), readFileSync(at('set', 'a.png')).subarray(0, 60))
    const result = await cli('inspect', at('set'), '--json')
    expect(result.status).toBe(1)
    const both = { width: 30, height: 20, float: false, pages: 1, orientation: 1 }
    expect(result.json()).toEqual([
      { path: at('set', 'a.png'), ...both, channels: 1, bits: 16, fileBits: 16 },
      { path: at('set', 'b.jpg'), ...both, channels: 3, bits: 8, fileBits: 8 },
      { path: at('set', 'c.png'), error: { code: 'image-damaged', message: result.errors[0] } },
    ])
  })
})
