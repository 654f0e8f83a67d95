import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emit, EngineEvents } from '../../../shared/contract'
import type { LibraryItem, RunConfig } from '../../../shared/training'
import { openSessions } from '../runtime/session'
import { tf } from '../runtime/tensorflow'
import { realFiles } from '../store/fileOperations'
import { Library } from '../store/library'
import type { RunFile } from '../store/runFile'
import { forecastOf } from './forecast'
import { trainingHandlers } from './handlers'
import { Runs } from './runs'
import { smallRun } from './testing/smallData'

interface Heard {
  name: keyof EngineEvents
  payload: unknown
}

let folder = ''
let tensors = 0
let heard: Heard[] = []
const emit = ((name: keyof EngineEvents, payload: unknown) => heard.push({ name, payload })) as Emit
const of = <Name extends keyof EngineEvents>(name: Name): EngineEvents[Name][] =>
  heard.filter((event) => event.name === name).map(({ payload }) => payload as EngineEvents[Name])

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-runs-'))
  heard = []
  tensors = tf.memory().numTensors
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(openSessions()).toBe(0)
  expect(tf.memory().numTensors).toBe(tensors)
})

const libraryAt = (name = 'library'): Library => new Library({ folder: join(folder, name) })
const runsOn = (library: Library): Runs =>
  new Runs({ library, places: { cache: null, denoisers: null } })
const start = (runs: Runs, config: RunConfig, name = 'a run'): Promise<LibraryItem> =>
  runs.start({ config, name, group: null, command: 'train …' }, emit)

/** Trains to the end, undisturbed. */
async function straight(config: RunConfig): Promise<RunFile> {
  const library = libraryAt('straight')
  const runs = runsOn(library)
  const { item } = await start(runs, config)
  await runs.idle()
  return library.read(item)
}

/** Waits until a run has made so many steps. */
async function until(item: string, step: number): Promise<void> {
  const at = (): number =>
    of('train.progress')
      .filter((event) => event.item === item)
      .at(-1)?.progress.step ?? 0
  while (at() < step) await new Promise((resolve) => setTimeout(resolve, 1))
}

const recordsOf = ({ history }: RunFile) =>
  history.epochs.map(({ seconds: _, ...record }) => record)

describe('a run', () => {
  it('goes from the empty library to a model, and tells of it', async () => {
    const library = libraryAt()
    const runs = runsOn(library)
    const { item } = await start(runs, smallRun(folder))
    await runs.idle()
    const found = await library.find(item)
    expect(found).toMatchObject({
      name: 'a run',
      kind: 'variational',
      progress: { state: 'finished', epoch: 5, step: 20, steps: 20 },
      data: { name: expect.any(String) as string, images: 80, width: 10 },
    })
    expect(found.validation?.loss).toBe(found.progress?.best?.loss)
    const file = await library.read(item)
    expect(file.history.epochs).toHaveLength(5)
    const losses = file.history.epochs.map(({ validation }) => validation?.loss as number)
    expect(Math.min(...losses)).toBeLessThan((losses[0] as number) * 0.9)
    expect([...file.tensors.keys()].filter((name) => name.startsWith('best/'))).toHaveLength(8)

    const states = of('library.changed').map((event) => event.item?.progress?.state)
    expect(states).toEqual(['queued', 'running', 'finished'])
    expect(of('train.epoch').map(({ record }) => record.epoch)).toEqual([1, 2, 3, 4, 5])
    const points = of('train.progress').flatMap((event) => event.points)
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(of('train.preview').at(-1)).toEqual({ item, epoch: 5 })
  })

  it.each<[string, (config: RunConfig) => RunConfig]>([
    ['a variational model', (config) => config],
    [
      'a denoising model of JPEG',
      (config) =>
        withModel(config, { kind: 'denoising', corruption: { kind: 'jpeg', quality: 20 } }),
    ],
    [
      'an augmented sparse model',
      (config) => ({
        ...withModel(config, { kind: 'sparse', penalty: 'kl', target: 0.1, weight: 0.1 }),
        augmentation: {
          flipHorizontal: true,
          flipVertical: false,
          shift: 0.1,
          rotate: 10,
          zoom: 0.1,
        },
      }),
    ],
  ])(
    'of %s ends with the same weights and history after interruptions as without',
    async (_, change) => {
      const config = change(smallRun(folder, { training: { epochs: 40 } }))
      const whole = await straight(config)
      heard = []

      const library = libraryAt()
      let runs = runsOn(library)
      const { item } = await start(runs, config)
      for (const step of [3, 31, 97]) {
        await until(item, step)
        await runs.end(item, 'paused', emit)
        expect((await library.find(item)).progress?.state).toBe('paused')
        runs = runsOn(library)
        await runs.resume(item, emit)
      }
      await runs.idle()
      const pieces = await library.read(item)
      expect(pieces.progress).toMatchObject({ state: 'finished', step: 160 })
      for (const [name, { data }] of whole.tensors)
        expect(pieces.tensors.get(name)?.data, name).toEqual(data)
      expect(recordsOf(pieces)).toEqual(recordsOf(whole))
      expect(pieces.history.points).toEqual(whole.history.points)
    },
  )

  it('waits for the one before it, and can be taken out while it waits', async () => {
    const library = libraryAt()
    const runs = runsOn(library)
    const config = smallRun(folder, { training: { epochs: 4000 } })
    const [first, second, third] = [
      await start(runs, config),
      await start(runs, config),
      await start(runs, config),
    ]
    expect([first, second, third].map(({ name }) => name)).toEqual(['a run', 'a run 2', 'a run 3'])
    await until(first.item, 4)
    expect((await library.find(third.item)).progress?.state).toBe('queued')
    await runs.end(third.item, 'paused', emit)
    await runs.end(first.item, 'stopped', emit)
    await until(second.item, 4)
    await runs.suspend('running', emit)
    expect((await library.read(second.item)).progress.state).toBe('running')
    await runs.suspend('paused', emit)
    const states = await Promise.all(
      [first, second, third].map(async ({ item }) => (await library.find(item)).progress?.state),
    )
    expect(states).toEqual(['stopped', 'paused', 'paused'])
  })

  it('that an engine left running is taken up by the next', async () => {
    const library = libraryAt()
    const runs = runsOn(library)
    const config = smallRun(folder, { training: { epochs: 60 } })
    const [first, second] = [await start(runs, config), await start(runs, config)]
    await until(first.item, 5)
    await runs.close(emit) // as at the end of the engine
    expect((await library.find(first.item)).progress?.state).toBe('running')
    const next = runsOn(library)
    await next.resumeInterrupted(emit)
    await next.idle()
    for (const { item } of [first, second])
      expect((await library.find(item)).progress).toMatchObject({ state: 'finished', epoch: 60 })
  })
})

describe('a run that cannot go on', () => {
  it.each<[string, (config: RunConfig) => RunConfig, string]>([
    [
      'a batch larger than its data',
      (config) => withTraining(config, { batch: 100 }),
      'batch-too-large',
    ],
    [
      'a latent beyond the memory',
      (config) =>
        withModel(config, {
          kind: 'autoencoder',
          latent: 8192,
          layers: [8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192],
        }),
      'training-too-large',
    ],
    [
      'squared error on binarised data',
      (config) => ({
        ...withModel(config, { kind: 'autoencoder', loss: 'squared-error' }),
        binarise: true,
      }),
      'config-invalid',
    ],
    [
      'data that are gone',
      (config) => ({
        ...config,
        data: { kind: 'idx', path: join(folder, 'none'), name: 'none', labels: null },
      }),
      'file-not-found',
    ],
    [
      'a folder without images',
      (config) => ({ ...config, data: folderSource('empty') }),
      'folder-without-images',
    ],
    [
      'a rate that breaks it',
      (config) =>
        withTraining(
          withModel(config, {
            kind: 'autoencoder',
            activation: 'elu',
            layers: [16, 16, 16, 16],
            loss: 'squared-error',
          }),
          { rate: 1, weightDecay: 1, clipNorm: null, epochs: 30 },
        ),
      '',
    ],
  ])('because of %s says so, and stays in the library', async (_, change, code) => {
    mkdirSync(join(folder, 'empty'))
    const library = libraryAt()
    const runs = runsOn(library)
    const config = change(smallRun(folder))
    const { item } = await start(runs, config)
    await runs.idle()
    const { progress } = await library.find(item)
    if (code === '') expect(progress?.state).toMatch(/finished|failed/)
    else expect(progress).toMatchObject({ state: 'failed', error: { code } })
    const forecast = await trainingHandlers(runs, library, { cache: null, denoisers: null })[
      'train.forecast'
    ]({ config }, emit)
    expect(forecast.refusal?.code ?? '').toBe(code)
  })

  it('for want of space keeps its last checkpoint and says so', async () => {
    let full = false
    const files = {
      ...realFiles,
      create: (path: string) =>
        full
          ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
          : realFiles.create(path),
    }
    const library = new Library({ folder: join(folder, 'library'), files })
    const runs = runsOn(library)
    const config = smallRun(folder, { training: { epochs: 2000 } })
    const { item } = await start(runs, config)
    await until(item, 40)
    await runs.suspend('running', emit)
    const kept = await library.read(item)
    full = true
    await runs.idle()
    const told = of('library.changed').at(-1)?.item?.progress
    expect(told).toMatchObject({ state: 'failed', error: { code: 'disk-full' } })
    full = false
    const after = await library.read(item)
    expect(after.progress.step).toBeGreaterThanOrEqual(kept.progress.step)
    await runs.resume(item, emit)
    await until(item, after.progress.step + 40)
    await runs.end(item, 'paused', emit)
  })

  it('with a damaged file is set aside', async () => {
    const library = libraryAt()
    const runs = runsOn(library)
    const { item } = await start(runs, smallRun(folder))
    await runs.idle()
    const [file] = readdirSync(join(folder, 'library')).filter((name) => name.endsWith('.ldm'))
    writeFileSync(join(folder, 'library', String(file)), 'x'.repeat(5000))
    await expect(runs.resume(item, emit)).rejects.toMatchObject({
      code: expect.stringMatching(/model-|item-/) as string,
    })
    expect((await library.list()).items).toEqual([])
  })
})

describe('a forecast', () => {
  it('tells parameters and time before anything is started', async () => {
    const forecast = await forecastOf(smallRun(folder), { cache: null, denoisers: null })
    // 100 → 16 → 2 · 3, 3 → 16 → 100
    expect(forecast.parameters).toBe(100 * 16 + 16 + 16 * 6 + 6 + 3 * 16 + 16 + 16 * 100 + 100)
    expect(forecast.secondsPerEpoch).toBeGreaterThan(0)
    expect(forecast.seconds).toBeCloseTo(5 * forecast.secondsPerEpoch, 9)
    expect(forecast.refusal).toBeNull()
  })
})

const folderSource = (name: string): RunConfig['data'] => ({
  kind: 'folder',
  path: join(folder, name),
  name,
  width: 8,
  height: 8,
  channels: 1,
  fit: 'crop',
})

/** A run with another model: the network stays, what the kinds add does not. */
function withModel(config: RunConfig, changes: object): RunConfig {
  const { beta: _, betaWarmUp: __, ...network } = config.model as Record<string, unknown>
  return { ...config, model: { ...network, ...changes } as RunConfig['model'] }
}
const withTraining = (config: RunConfig, changes: Partial<RunConfig['training']>): RunConfig => ({
  ...config,
  training: { ...config.training, ...changes },
})
