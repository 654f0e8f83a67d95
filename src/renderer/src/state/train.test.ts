import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { House } from './testing/house'
import { config, epoch, libraryItem, preview, progress, told } from './testing/runs'
import type { LibraryItem } from '../../../shared/training'

let house: House
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
async function open(items: LibraryItem[] = []) {
  house = await House.open((engine) => (engine.items = items))
  await house.settle()
  return house.workspace.train
}
const finished = (more: Partial<LibraryItem>) =>
  libraryItem({ progress: progress({ state: 'finished', epoch: 20, step: 2000 }), ...more })

describe('the Train screen', () => {
  test('begins with recipes; one click starts one and shows it', async () => {
    const train = await open()
    expect(train.stage).toBe('recipes')
    const recipe = train.recipe('mnist-autoencoder')
    expect(recipe).not.toBeNull()
    if (recipe) await train.startRecipe(recipe)
    expect(house.engine.of('train.start')).toEqual([
      { config, name: 'mnist-autoencoder', group: null },
    ])
    expect(train.stage).toBe('run')
    expect(train.active?.name).toBe('mnist-autoencoder')
    expect(house.workspace.settings.current.runShown).toBe(train.shown)
  })

  test('begins with the run that is trained, else with the one shown last', async () => {
    const old = finished({ item: 'old', name: 'old' })
    const last = finished({ item: 'last', name: 'last' })
    const running = libraryItem({ item: 'running', name: 'running' })
    expect((await open([running, old])).shown).toBe('running')
    expect((await open([last, old])).shown).toBe('last')
  })

  test('a taken name gets a number', async () => {
    const train = await open([finished({ name: 'mnist-autoencoder' })])
    const recipe = train.recipe('mnist-autoencoder')
    if (recipe) train.setUp(recipe)
    expect(train.stage).toBe('setup')
    expect(train.setup?.name).toBe('mnist-autoencoder 2')
  })

  test('a copy with one number changed', async () => {
    const train = await open([finished({ name: 'a' })])
    const run = train.active
    if (run) await train.startChanged(run, 'model.latent', 64)
    expect(house.engine.of('train.start')[0]).toMatchObject({
      name: 'a 2',
      config: { model: { latent: 64 } },
    })
  })

  test('a start that is refused is told, and the set-up stays', async () => {
    const train = await open()
    const recipe = train.recipe('mnist-autoencoder')
    if (recipe) train.setUp(recipe)
    house.engine.handlers['train.start'] = () => {
      throw new DarkroomError('disk-full', 'full')
    }
    await house.settle()
    await train.startSetup()
    expect(house.told).toEqual(['error: disk-full'])
    expect(train.stage).toBe('setup')
    expect(train.setup?.starting).toBe(false)
  })

  test('what a run tells is shown; its end is announced and its history read once more', async () => {
    const train = await open([libraryItem({ item: 'a', name: 'a' })])
    await house.send('train.progress', told('a', [1, 2, 3]))
    await house.send('train.epoch', { item: 'a', record: epoch(1, 3) })
    await house.settle()
    expect(train.activeRun?.curve.length).toBe(3)
    expect(train.running?.item).toBe('a')
    house.engine.asked = []
    await house.send('library.changed', { item: finished({ item: 'a', name: 'a' }) })
    await house.settle()
    expect(house.engine.of('library.history')).toEqual([{ item: 'a' }])
    expect(house.workspace.notices.announcement).toContain('a')
    expect(train.running).toBeNull()
  })

  test('a preview is read for the run that is shown only', async () => {
    const train = await open([
      libraryItem({ item: 'a', name: 'a' }),
      libraryItem({ item: 'b', name: 'b' }),
    ])
    house.engine.handlers['library.preview'] = () => preview(1)
    train.show('a')
    await house.settle()
    house.engine.asked = []
    await house.send('train.preview', { item: 'b', epoch: 1 })
    expect(house.engine.of('library.preview')).toEqual([])
    await house.send('train.preview', { item: 'a', epoch: 1 })
    expect(house.engine.of('library.preview')).toEqual([{ item: 'a' }])
  })

  test('the engine dies: histories are read again from the next one', async () => {
    await open([libraryItem({ item: 'a', name: 'a' })])
    house.engine.asked = []
    await house.restart()
    expect(house.engine.of('library.list')).toHaveLength(1)
    expect(house.engine.of('library.history')).toEqual([{ item: 'a' }])
  })

  test('compared runs keep the order of choosing', async () => {
    const train = await open(['a', 'b', 'c'].map((item) => finished({ item, name: item })))
    train.toggleCompared('c')
    train.toggleCompared('a')
    train.toggleCompared('b')
    train.toggleCompared('a')
    expect(train.compared).toEqual(['c', 'b'])
    expect(train.overlaid.map(({ item }) => item)).toEqual(['b', 'c'])
  })

  test('a run in the trash makes way for another', async () => {
    const train = await open(['a', 'b'].map((item) => finished({ item, name: item })))
    const run = train.active
    if (run) await train.trash(run)
    await house.settle()
    expect(train.active?.item).toBe('b')
  })

  test('bundled models are no runs', async () => {
    expect((await open([finished({ bundled: true })])).runs).toEqual([])
  })
})

test('a denoiser of one’s own is used for the next photo', async () => {
  await open([finished({ item: 'mine', name: 'mine', kind: 'photo-denoiser' })])
  const card = (name: string) => ({ card: { name, title: name, channels: 3, sigmaRange: [0, 55] } })
  house.engine.handlers['models.list'] = () => ['colour', 'mine'].map(card)
  await house.workspace.denoiseWith({ item: 'mine', name: 'mine' })
  expect(house.workspace.screen).toBe('denoise')
  await house.openFiles('a.png')
  expect(house.active.settings.model).toBe('mine')
})

describe('a drop', () => {
  test('of a folder on the Train screen becomes the data of the set-up', async () => {
    const train = await open()
    house.engine.handlers['recipes.list'] = () => []
    house.workspace.screen = 'train'
    house.adopt.mockImplementation((file) => Promise.resolve({ file: 'handle', name: file.name }))
    const recipe = train.recipe('mnist-autoencoder')
    if (recipe) train.setUp(recipe)
    const folder = new File([], 'photos')
    await house.workspace.drop([folder], new Set([folder]))
    expect(train.setup?.config.data).toMatchObject({
      kind: 'folder',
      path: 'handle',
      name: 'photos',
    })
  })

  test('of a model is imported wherever it falls', async () => {
    await open()
    house.adopt.mockImplementation((file) => Promise.resolve({ file: 'handle', name: file.name }))
    house.engine.handlers['library.import'] = () => finished({ item: 'new', name: 'vae' })
    await house.workspace.drop([new File([], 'vae.ldm')], new Set())
    expect(house.engine.of('library.import')).toEqual([{ file: 'handle' }])
    expect(house.workspace.screen).toBe('library')
    expect(house.workspace.library.active?.name).toBe('vae')
  })
})
