import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Container } from '../store/container'
import { encodeContainer } from '../store/container'
import { Library } from '../store/library'
import type { RunFile } from '../store/runFile'
import { sampleDenoiser } from '../store/testing/denoisers'
import type { SampleOptions } from '../store/testing/runs'
import { sampleRun } from '../store/testing/runs'
import { Denoisers } from './denoisers'

let root = ''
let library = new Library({ folder: '' })
const opened: Container[] = []
const denoisers = (files: string[] = []): Denoisers =>
  new Denoisers({
    folder: join(root, 'resources'),
    files,
    library,
    open: (container) => {
      opened.push(container)
      return {
        channels: 1,
        multiple: 1,
        radius: 0,
        run: (values) => values,
        close: () => undefined,
      }
    },
  })
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'denoisers-'))
  library = new Library({ folder: join(root, 'library') })
  opened.length = 0
})
afterEach(() => rmSync(root, { recursive: true }))

/** A run that trains a photo denoiser. */
function photoRun(options: SampleOptions = {}): RunFile {
  const file = sampleRun({ state: 'finished', version: 5, ...options })
  const shape = { channels: 1 as const, widths: [8, 16], blocks: 2 }
  const model = { kind: 'photo-denoiser' as const, ...shape, patch: 64 }
  return {
    ...file,
    config: {
      ...file.config,
      model: { ...model, sigma: [5, 50], supervision: 'clean', start: 'random' },
    },
  }
}
const names = async (of: Denoisers): Promise<string[]> =>
  (await of.list()).models.map(({ info }) => info.card.name)

describe('the library’s denoisers', () => {
  it('are the finished runs, with their best weights', async () => {
    const { item } = await library.create('my photos', photoRun())
    await library.create('an autoencoder', sampleRun({ state: 'finished' }))
    await library.create('still trains', photoRun({ state: 'running' }))
    const [model, ...others] = (await denoisers().list()).models
    expect(others).toEqual([])
    expect(model?.info).toMatchObject({
      bundled: false,
      card: {
        ...{ name: 'my photos', kind: 'denoiser', channels: 1, sigmaRange: [5, 50], seed: 1 },
        trained: { steps: 5, tensorflow: '2.9.1', curve: [[10, expect.closeTo(18.451, 3)]] },
      },
    })
    for (const wanted of ['my photos', item]) {
      const lease = await denoisers().acquire(wanted, 1)
      lease.release()
      expect(opened.pop()).toMatchObject({
        header: {
          kind: 'denoiser',
          config: { network: 'photo-denoiser', channels: 1, widths: [8, 16], blocks: 2 },
        },
        tensors: new Map([['w', { shape: [128, 8] }]]),
      })
    }
  })

  it('have no weights before the first epoch’s end, then the new ones when they were trained on', async () => {
    const early = photoRun({ state: 'stopped' })
    early.progress.best = null
    const { item } = await library.create('mine', early)
    const all = denoisers()
    expect(await names(all)).toEqual([])
    await library.write(item, photoRun({ version: 8 }))
    const before = (await all.list()).models[0]?.info.hash
    await library.write(item, photoRun({ version: 9 }))
    await library.rename(item, 'other')
    const [after] = (await all.list()).models
    expect(after?.info.card).toMatchObject({ name: 'other', trained: { steps: 9 } })
    expect(after?.info.hash).not.toBe(before)
    ;(await all.acquire('other', 1)).release()
    expect(opened[0]?.tensors.get('w')?.data[0]).toBe(9)
  })

  it('are imported files too, and none takes the name of another', async () => {
    const given = join(root, 'given.ldm')
    writeFileSync(given, encodeContainer(sampleDenoiser('same')))
    await library.importFile(given)
    await library.create('auto', photoRun())
    expect(await names(denoisers([given]))).toEqual(['same', 'same 2', 'auto 2'])
  })

  it('can be given by path, as they were exported', async () => {
    const { item } = await library.create('mine', photoRun())
    const path = join(root, 'out.ldm')
    await library.exportFile(item, path, 'model')
    library = new Library({ folder: join(root, 'elsewhere') })
    const all = denoisers([path])
    expect(await names(all)).toEqual(['mine'])
    ;(await all.acquire(path, 1)).release()
    const other = await library.create('digits', sampleRun())
    await library.exportFile(other.item, path, 'model')
    await expect(all.list()).rejects.toMatchObject({ code: 'model-not-ours' })
  })

  it('that are damaged are reported, and stop nothing', async () => {
    const { item } = await library.create('bad', photoRun())
    await library.create('good', photoRun())
    const bytes = encodeContainer(sampleDenoiser('x'))
    writeFileSync(library.pathOf(item), bytes.fill(1, bytes.length - 40))
    const { models, problems } = await denoisers().list()
    expect(models.map(({ info }) => info.card.name)).toEqual(['good'])
    expect(problems).toEqual([])
    expect((await library.list()).setAside).toMatchObject([{ file: `${item}.ldm` }])
  })
})
