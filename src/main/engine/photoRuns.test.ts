import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emit } from '../../shared/contract'
import { noAugmentation, runConfig, type RunConfig } from '../../shared/training'
import { uniform } from './data/random'
import { initialParameters, type PhotoDenoiserConfig } from './networks/photoDenoiser'
import { Denoisers } from './photos/denoisers'
import type { State } from './runtime/program'
import { openSessions } from './runtime/session'
import { compareWithBundled } from './runs/compareDenoisers'
import { prepare } from './runs/prepare'
import { Runs } from './runs/runs'
import { writeContainer } from './store/container'
import { Library } from './store/library'

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
  const runs = new Runs({ library, places: { cache: null, denoisers: null } })
  const options = { config: config(), name: 'My photos', group: null, command: '' }
  const { item } = await runs.start(options, silent)
  await runs.idle()
  const trained = await library.find(item)
  expect(trained).toMatchObject({
    kind: 'photo-denoiser',
    progress: { state: 'finished', step: 400 },
  })
  expect(trained.data?.skipped).toMatchObject([
    { file: 'broken.png', error: { code: 'not-an-image', params: { file: 'broken.png' } } },
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
  const runs = new Runs({ library, places: { cache: null, denoisers: null } })
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

describe('noisy photos', () => {
  const neighbours = { supervision: 'neighbours', patch: 16 } as const

  const noisyValues = (photo: number): Uint8Array =>
    Uint8Array.from({ length: 96 * 96 }, (_, i) => {
      const noise = uniform(photo, i, 'noise', 0) + uniform(photo, i, 'noise', 1) - 1 // σ 0.41
      return 128 + 40 * Math.sin((i % 96) / (9 + photo)) + 50 * noise
    })

  const writeNoise = (): void => {
    for (let photo = 0; photo < 6; photo++) {
      const data = noisyValues(photo)
      const png = encode({ width: 96, height: 96, data, channels: 1, depth: 8 })
      writeFileSync(join(folder, 'photos', `noisy ${photo}.png`), png)
    }
  }

  it('teach a denoiser; those without noise are left out and named', async () => {
    writeNoise()
    const library = new Library({ folder: join(folder, 'library') })
    const runs = new Runs({ library, places: { cache: null, denoisers: null } })
    const { item } = await runs.start(
      { config: config(neighbours), name: 'own', group: null, command: '' },
      silent,
    )
    await runs.idle()
    const trained = await library.find(item)
    expect(trained.progress).toMatchObject({ state: 'finished', error: null })
    const named = trained.data?.skipped.filter(({ error }) => error.code === 'photos-without-noise')
    expect(named?.map(({ file }) => file)).toContain('photo 1.png')
    expect(named?.map(({ file }) => file)).not.toContain('noisy 1.png')
    const { history, preview } = await library.read(item)
    const [first, last] = history.epochs.map(({ training }) => training.reconstruction)
    expect(last).toBeLessThan(first as number)
    expect(history.epochs[1]?.training.penalty).toBeGreaterThan(0)
    expect(preview?.epoch).toBe(2)
  })

  it('are refused by name when none of them has noise, and a bundled start without such a model', async () => {
    const library = new Library({ folder: join(folder, 'library') })
    const runs = new Runs({ library, places: { cache: null, denoisers: null } })
    const start = (changes: Parameters<typeof config>[0]) =>
      runs.start({ config: config(changes), name: 'x', group: null, command: '' }, silent)
    const clean = await start(neighbours)
    const bundled = await start({ start: 'bundled' })
    await runs.idle()
    expect((await library.find(clean.item)).progress?.error).toMatchObject({
      code: 'photos-without-noise',
      params: { file: 'photos' },
    })
    expect((await library.find(bundled.item)).progress?.error).toMatchObject({
      code: 'config-invalid',
      params: { reason: 'config-start' },
    })
  })

  const network: PhotoDenoiserConfig = {
    network: 'photo-denoiser',
    channels: 1,
    widths: [8, 8],
    blocks: 1,
  }

  /** A bundled grey model with these weights; returns its folder. */
  const writeBundled = async (weights: State): Promise<string> => {
    mkdirSync(join(folder, 'bundled'), { recursive: true })
    const card = {
      ...{ name: 'denoise-grey', kind: 'denoiser', title: '', description: '', channels: 1 },
      ...{ sigmaRange: [0, 55], parameters: 1, licence: '', data: [], seed: 1, command: '' },
      ...{ trained: { steps: 1, seconds: 1, tensorflow: '', curve: [] }, measured: [] },
    }
    await writeContainer(join(folder, 'bundled', 'denoise-grey.ldm'), {
      header: { kind: 'denoiser', config: network, card },
      tensors: weights,
    })
    return join(folder, 'bundled')
  }

  it('begins with the bundled weights where it is asked to', async () => {
    const weights = initialParameters(network, 77)
    const denoisers = await writeBundled(weights)
    const { task } = await prepare(config({ start: 'bundled' }), { cache: null, denoisers })
    task.start()
    const started = task.read('weights')
    task.close()
    for (const [name, { data }] of weights) expect(started.get(name)?.data).toEqual(data)
  })

  it('teach a model that is compared with the bundled one on what was held out', async () => {
    writeNoise()
    const library = new Library({ folder: join(folder, 'library') })
    const denoisers = await writeBundled(initialParameters(network, 77))
    const begun = new Runs({ library, places: { cache: null, denoisers } })
    const phases = new Set<string>()
    const emit = ((event: string, payload: { phase?: string }) => {
      if (event === 'train.progress' && payload.phase) phases.add(payload.phase)
    }) as Emit
    const options = { config: config(neighbours), name: 'own', group: null, command: '' }
    const { item } = await begun.start(options, emit)
    await begun.idle()
    const { comparison } = await library.find(item)
    expect(phases).toContain('compare')
    expect(comparison).toMatchObject({ model: 'denoise-grey', verdict: 'better' })
    expect(comparison?.trained.error).toBeLessThan(comparison?.bundled.error as number)
    expect(comparison?.trained.error).toBeGreaterThan(comparison?.noise as number)
  })

  it('are compared without originals: a model as good, a better and a worse one are told apart', async () => {
    const heldOut = Array.from({ length: 9 }, (_, photo) => ({
      photo: { name: `${photo}`, width: 96, height: 96, data: noisyValues(photo) },
      level: 20,
    }))
    const still = initialParameters(network, 5)
    for (const { data } of still.values()) data.fill(0) // gives back what it is given
    const wild = initialParameters(network, 5)
    wild.get('tail/bias')?.data.fill(0.2) // everything too dark
    const good = { config: network, weights: still }
    const bad = { config: network, weights: wild }
    const denoisers = await writeBundled(still)
    const same = await compareWithBundled(heldOut, good, denoisers)
    expect(same).toMatchObject({ verdict: 'same', photos: 8, noise: 20 })
    expect(same?.trained).toEqual(same?.bundled)
    const worse = await compareWithBundled(heldOut, bad, denoisers)
    expect(worse).toMatchObject({ verdict: 'worse', bundled: same?.bundled })
    expect(worse?.trained.error).toBeGreaterThan(worse?.bundled.error as number)
    await writeBundled(wild)
    expect(await compareWithBundled(heldOut, good, denoisers)).toMatchObject({ verdict: 'better' })
  })

  it('are not compared where nothing was held out or no model came with the program; a cancel is heard', async () => {
    const own = { config: network, weights: initialParameters(network, 5) }
    const photo = { name: '', width: 96, height: 96, data: noisyValues(1) }
    const [heldOut, denoisers] = [[{ photo, level: 20 }], await writeBundled(own.weights)]
    expect(await compareWithBundled([], own, denoisers)).toBeNull()
    expect(await compareWithBundled(heldOut, own, null)).toBeNull()
    const cancelled = compareWithBundled(heldOut, own, denoisers, AbortSignal.abort())
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  })
})
