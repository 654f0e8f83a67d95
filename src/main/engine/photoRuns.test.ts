import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Emit } from '../../shared/contract'
import { noAugmentation, runConfig, type RunConfig } from '../../shared/training'
import { Denoisers } from './photos/denoisers'
import { openSessions } from './runtime/session'
import { Library } from './store/library'
import { Runs } from './runs/runs'

const silent: Emit = () => undefined
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-photos-'))
  mkdirSync(join(folder, 'photos'))
  for (let photo = 0; photo < 12; photo++) {
    const data = Uint8Array.from(
      { length: 48 * 40 },
      (_, i) => 128 + 90 * Math.sin((i % 48) / (4 + photo)) * Math.cos(i / (300 + 20 * photo)),
    )
    const png = encode({ width: 48, height: 40, data, channels: 1, depth: 8 })
    writeFileSync(join(folder, 'photos', `photo ${photo}.png`), png)
  }
  writeFileSync(join(folder, 'photos', 'broken.png'), 'not a picture')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(openSessions()).toBe(0)
})

const config = (changes: Partial<RunConfig['model']> = {}): RunConfig =>
  runConfig.parse({
    data: {
      kind: 'folder',
      path: join(folder, 'photos'),
      name: 'photos',
      width: 64,
      height: 64,
      channels: 1,
      fit: 'crop',
    },
    binarise: false,
    validation: 0.1,
    augmentation: noAugmentation,
    model: {
      kind: 'photo-denoiser',
      channels: 1,
      widths: [8, 8],
      blocks: 1,
      patch: 16,
      sigma: [0, 55],
      ...changes,
    },
    training: {
      seed: 1,
      epochs: 2,
      batch: 4,
      rate: 5e-3,
      schedule: 'cosine',
      warmUp: 0.1,
      clipNorm: 1,
      weightDecay: 0,
      patience: null,
      precision: 'float32',
    },
  })

it('trains on a folder of photos, names what it cannot read, and is then offered for denoising', async () => {
  const library = new Library({ folder: join(folder, 'library') })
  const runs = new Runs({ library, cache: null })
  const options = { config: config(), name: 'My photos', group: null, command: '' }
  const { item } = await runs.start(options, silent)
  await runs.idle()
  const trained = await library.find(item)
  expect(trained).toMatchObject({
    kind: 'photo-denoiser',
    progress: { state: 'finished', step: 400 },
  })
  expect(trained.data?.skipped).toMatchObject([
    { file: 'broken.png', error: { code: 'image-damaged', params: { file: 'broken.png' } } },
  ])
  const { history, preview, tensors } = await library.read(item)
  const [first, last] = [history.epochs[0]?.training.loss, history.epochs[1]?.training.loss]
  expect(last).toBeLessThan(first as number)
  expect(preview?.epoch).toBe(2)
  expect(tensors.get('preview/outputs')?.shape.slice(1)).toEqual([40, 40, 1])

  const denoisers = new Denoisers({ folder: join(folder, 'none'), library })
  const { models } = await denoisers.list()
  expect(models.map(({ info }) => info.card.name)).toEqual(['My photos'])
  const lease = await denoisers.acquire('My photos', 1)
  expect(lease.runner.run(new Float32Array(64).fill(0.5), 8, 8, 25)).toHaveLength(64)
  lease.release()
  await denoisers.close()
})

it('refuses a patch that its scales cannot halve, and a run without a folder', async () => {
  const library = new Library({ folder: join(folder, 'library') })
  const runs = new Runs({ library, cache: null })
  const odd = await runs.start(
    { config: config({ patch: 18 }), name: 'odd', group: null, command: '' },
    silent,
  )
  const none = { ...config(), data: { ...config().data, path: '' } } as RunConfig
  const homeless = await runs.start(
    { config: none, name: 'none', group: null, command: '' },
    silent,
  )
  await runs.idle()
  for (const { item } of [odd, homeless])
    expect((await library.find(item)).progress).toMatchObject({
      state: 'failed',
      error: { code: 'config-invalid' },
    })
})
