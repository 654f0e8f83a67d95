import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelCard } from '../../../shared/types'
import { writeContainer } from './container'
import { chooseModel, listModels, readModelFile } from './models'
import type { NoiseStructure } from '../../../shared/automaticModel'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'models-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const card = (name: string, channels: 1 | 3): ModelCard => ({
  name,
  kind: 'denoiser',
  title: '',
  description: '',
  channels,
  sigmaRange: [0, 55],
  parameters: 1,
  licence: 'MIT',
  data: [],
  seed: 0,
  command: '',
  trained: { steps: 1, seconds: 1, tensorflow: '', curve: [[1, 20]] },
  measured: [],
})
const write = (file: string, channels: 1 | 3 = 1, more: object = {}): Promise<void> =>
  writeContainer(join(folder, `${file}.ldm`), {
    header: { kind: 'denoiser', config: {}, card: card(file, channels), ...more },
    tensors: new Map(),
  })

describe('listModels', () => {
  it('gives the models of a folder by name and sets aside what is none', async () => {
    await write('b')
    await write('a', 3)
    await write('run', 1, { kind: 'denoiser-checkpoint' })
    await write('cardless', 1, { card: { name: 'x' } })
    writeFileSync(join(folder, 'text.ldm'), 'no model')
    writeFileSync(join(folder, 'notes.txt'), 'no model either')
    const { models, problems } = await listModels(folder)
    expect(models.map(({ info }) => [info.card.name, info.bundled])).toEqual([
      ['a', true],
      ['b', true],
    ])
    expect(problems.map(({ code, params }) => [params['file'], code])).toEqual([
      ['cardless.ldm', 'model-damaged'],
      ['run.ldm', 'model-not-ours'],
      ['text.ldm', 'model-not-ours'],
    ])
  })

  it('has none in a folder that is missing', async () => {
    expect(await listModels(join(folder, 'missing'))).toEqual({ models: [], problems: [] })
  })
})

describe('chooseModel', () => {
  const choose = async (
    wanted: string,
    channels: 1 | 3,
    noise: NoiseStructure = 'independent',
  ): Promise<string> => {
    const { models } = await listModels(folder)
    return chooseModel(models, wanted, { channels, noise }).path.slice(folder.length + 1)
  }

  it('chooses automatically by the channels, the bundled names first', async () => {
    await write('a-grey', 1)
    await write('a-colour', 3)
    expect(await choose('auto', 1)).toBe('a-grey.ldm')
    expect(await choose('auto', 3)).toBe('a-colour.ldm')
    await write('denoise-grey', 1)
    await write('denoise-colour', 3)
    expect(await choose('auto', 1)).toBe('denoise-grey.ldm')
    expect(await choose('auto', 3)).toBe('denoise-colour.ldm')
  })

  it('takes the one for camera files where the noise is theirs, or what there is', async () => {
    await write('denoise-grey', 1)
    await write('denoise-colour', 3)
    expect(await choose('auto', 3, 'correlated')).toBe('denoise-colour.ldm')
    await write('denoise-photo', 3)
    expect(await choose('auto', 3, 'correlated')).toBe('denoise-photo.ldm')
    expect(await choose('auto', 3)).toBe('denoise-colour.ldm')
    expect(await choose('auto', 1, 'correlated')).toBe('denoise-grey.ldm')
    expect(await choose('auto', 3, 'shared')).toBe('denoise-grey.ldm')
  })

  it('takes a grey model for colour when there is no other, never the reverse', async () => {
    await write('denoise-colour', 3)
    await expect(choose('auto', 1)).rejects.toMatchObject({ code: 'model-unknown' })
    rmSync(join(folder, 'denoise-colour.ldm'))
    await write('denoise-grey', 1)
    expect(await choose('auto', 3)).toBe('denoise-grey.ldm')
  })

  it('finds a file by its path, one with a bundled name too', async () => {
    await write('denoise-grey', 1)
    const mine = join(folder, 'mine.ldm')
    copyFileSync(join(folder, 'denoise-grey.ldm'), mine)
    const given = await readModelFile(mine, false)
    const { models } = await listModels(folder)
    expect(chooseModel([...models, given], mine, { channels: 1 })).toBe(given)
    expect(chooseModel([...models, given], 'denoise-grey', { channels: 1 }).path).toBe(
      join(folder, 'denoise-grey.ldm'),
    )
  })

  it('names what there is when asked for something else', async () => {
    await write('denoise-grey', 1)
    await expect(choose('x', 1)).rejects.toMatchObject({
      params: { model: 'x', models: 'auto, denoise-grey' },
    })
  })
})
