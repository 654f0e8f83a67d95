import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeIdx } from '../../main/engine/data/testing/idxFiles'
import { disks, writeSmallConfig } from '../testing/training'
import { workbench } from '../testing/workbench'

const { at, cli } = workbench()
beforeEach(async () => {
  const config = writeSmallConfig(at('data'))
  expect(await cli('train', '--config', config, '--name', 'small')).toMatchObject({ status: 0 })
})

const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n')

describe('encode', () => {
  it('writes the codes of the data that a model was trained on', async () => {
    const out = at('codes.csv')
    const outcome = await cli('encode', 'small', '--out', out, '--json')
    expect(outcome.json()).toEqual([
      expect.objectContaining({ model: 'small', part: 'training', images: 60, latent: 3, out }),
    ])
    expect(lines(out)).toHaveLength(61)
    expect(lines(out)[0]).toBe('index,label,z0,z1,z2')
    const again = at('again.csv')
    await cli('encode', 'small', '--out', again)
    expect(readFileSync(again)).toEqual(readFileSync(out))
  })

  it('takes the test part, and other data of the same size', async () => {
    await cli('encode', 'small', '--part', 'test', '--out', at('test.csv'))
    expect(lines(at('test.csv'))).toHaveLength(21)
    const other = join(at('data'), 'train-images-idx3-ubyte')
    const outcome = await cli('encode', 'small', '--data', other, '--out', at('o.npy'), '--json')
    expect(outcome.json()).toEqual([expect.objectContaining({ images: 60, labels: null })])
    expect(readFileSync(at('o.npy')).toString('latin1', 0, 128)).toContain(`'shape': (60, 3)`)
  })

  it('refuses images of another size, other endings, and folders that are not there', async () => {
    writeIdx(at('large'), [20, 12, 12], disks(20, 12))
    const codeOf = async (...argv: string[]): Promise<unknown> => {
      const outcome = await cli('encode', 'small', ...argv, '--json')
      return (outcome.json().at(-1)?.['error'] as { code: string }).code
    }
    expect(await codeOf('--data', at('large'), '--out', at('a.npy'))).toBe('data-sizes-differ')
    expect(await codeOf('--out', at('a.txt'))).toBe('usage')
    expect(await codeOf('--out', at('none', 'a.npy'))).toBe('target-unwritable')
  })
})
