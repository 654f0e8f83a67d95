/** Training goes on whatever happens around it, and leaves the window to its user. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DarkroomWindow } from '../pages/darkroomWindow'
import type { BatchWish } from '../../src/shared/batch'
import type { History } from '../../src/shared/training'
import { defaultLook } from '../../src/shared/types'
import { answerOpen } from '../dialogs'
import { expect, test } from '../fixtures'
import { DenoiseScreen } from '../pages/denoiseScreen'
import { LibraryScreen } from '../pages/libraryScreen'
import { TrainScreen } from '../pages/trainScreen'
import { enginePid, isAlive } from '../program'
import { watch } from '../responsiveness'
import { endless, epochOf, progressOf, smallConfig, startRun, waitUntil } from '../training'
import { writeNoisyFolder } from '../trainingData'

test.describe.configure({ timeout: 180_000 })

const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

/** Every epoch once and in order, every point after the one before. */
function expectWhole({ epochs, points }: History, last: number): void {
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: last }, (_, i) => i + 1))
  const steps = points.map(({ step }) => step)
  expect(steps.length).toBeGreaterThan(1)
  expect(steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))).toBe(true)
}

/** Makes sure of a checkpoint, and tells the last epoch in it. */
async function saveOnce(window: DarkroomWindow, item: string): Promise<number> {
  await window.ask('train.pause', { item })
  await waitUntil(window, item, 'paused')
  const { epoch } = await progressOf(window, item)
  await window.ask('train.resume', { item })
  return epoch
}

test('the engine is killed: the run goes on from its checkpoint by itself, and comes to its end', async ({
  app,
  window,
  folder,
}) => {
  const epochs = 150
  const { item } = await startRun(window, await smallConfig(app, window, folder, epochs))
  const screen = new TrainScreen(app, window.page)
  await screen.open('spots')
  const saved = await saveOnce(window, item)
  await expect.poll(() => epochOf(window, item), { timeout: 60_000 }).toBeGreaterThan(saved)
  const before = await window.ask('library.history', { item })

  const heard = (await window.heard('train.epoch')).length
  process.kill(await enginePid(app), 'SIGKILL')
  await expect
    .poll(async () => (await window.heard('train.epoch')).length, { timeout: 60_000 })
    .toBeGreaterThan(heard)
  const next = (await window.heard('train.epoch'))[heard]?.record.epoch ?? 0
  expect(next).toBeGreaterThan(saved)

  await screen.waitFor('finished')
  expect((await screen.epochs()).map(([epoch]) => epoch)).toEqual(numbered(epochs))
  const after = await window.ask('library.history', { item })
  expectWhole(after, epochs)
  expect(after.epochs[0]?.validation).toEqual(before.epochs[0]?.validation)
})

test('main is killed: the engine ends with it, and the next start goes on with the run by itself', async ({
  app,
  window,
  folder,
  startAgain,
}) => {
  const { item } = await startRun(window, await smallConfig(app, window, folder, endless))
  const saved = await saveOnce(window, item)
  const engine = await enginePid(app)
  process.kill(app.process().pid ?? 0, 'SIGKILL')
  await expect.poll(() => isAlive(engine), { timeout: 2_000 }).toBe(false)

  const next = await startAgain()
  await expect.poll(() => epochOf(next.window, item), { timeout: 60_000 }).toBeGreaterThan(saved)
  const [first] = await next.window.heard('train.epoch')
  expect(first?.record.epoch).toBeGreaterThan(saved)
})

test('the window is loaded again: history and events leave no gap and tell nothing twice', async ({
  app,
  window,
  folder,
}) => {
  const epochs = 200
  const { item } = await startRun(window, await smallConfig(app, window, folder, epochs))
  await window.page.reload()
  await window.listen()
  const history = await window.ask('library.history', { item })
  const screen = new TrainScreen(app, window.page)
  await screen.open('spots')
  await screen.waitFor('finished')
  expect((await screen.epochs()).map(([epoch]) => epoch)).toEqual(numbered(epochs))
  const known = history.epochs.length
  const later = (await window.heard('train.epoch'))
    .map(({ record }) => record.epoch)
    .filter((epoch) => epoch > known)
  expect([...history.epochs.map(({ epoch }) => epoch), ...later]).toEqual(
    Array.from({ length: epochs }, (_, index) => index + 1),
  )
  expectWhole(await window.ask('library.history', { item }), epochs)
})

test('a photo, and a batch of them, are denoised between the steps of a run', async ({
  app,
  window,
  folder,
}) => {
  const { item } = await startRun(window, await smallConfig(app, window, folder, endless))
  const { file } = await window.ask('files.sample', {})
  const { photo } = await window.ask('photo.open', { source: { file } })
  const before = await epochOf(window, item)
  const options = { photo, model: 'auto', sigma: 25, visible: null }
  const { job } = await window.ask('photo.denoise', options)
  const outcome = async () =>
    (await window.heard('job.finished')).find((event) => event.job === job)?.outcome.state
  await expect.poll(outcome, { timeout: 120_000 }).toBe('done')
  await expect.poll(() => epochOf(window, item)).toBeGreaterThan(before)

  const photos = join(folder, 'photos')
  const results = join(folder, 'results')
  writeNoisyFolder(photos, 3)
  mkdirSync(results)
  const choose = async (path: string, use: 'photos' | 'results') => {
    await answerOpen(app, path)
    return (await window.ask('files.chooseFolder', { use }))?.file ?? ''
  }
  const files = [await choose(photos, 'photos')]
  const wish: BatchWish = {
    ...{ model: 'auto', sigma: null, look: defaultLook, pattern: '{name}', format: null },
    ...{ quality: 90, keepMetadata: true, skipExisting: true },
  }
  await window.ask('batch.start', { files, folder: await choose(results, 'results'), wish })
  const begun = await epochOf(window, item)
  const state = async () => (await window.ask('batch.read', {}))?.state
  await expect.poll(state, { timeout: 120_000 }).toBe('finished')
  expect(readdirSync(results)).toHaveLength(3)
  await expect.poll(() => epochOf(window, item)).toBeGreaterThan(begun)
  expect((await progressOf(window, item)).state).toBe('running')
})

/**
 * What the issue asks for holds on a machine with two cores of its own: no task of our script over 50 ms, the 99th
 * percentile of frames at most 100 ms. The figures are printed. What is asserted leaves room for a machine that others
 * use as well: script by its processor time, which they do not change, and the rest by the wall clock, several times over.
 */
test('the window is its user’s while a recipe is trained', async ({ app, window, folder }) => {
  const { page } = window
  const screen = new TrainScreen(app, page)
  const library = new LibraryScreen(app, page)
  const denoise = new DenoiseScreen(app, page)
  await screen.open()
  await screen.startFirst()
  await screen.waitForCurve()
  const name = await screen.title()
  const feel = await watch(app, page, join(folder, 'recording.json'), async () => {
    for (let round = 0; round < 4; round += 1) {
      await screen.toggleScale()
      await library.open()
      await screen.open(name)
      await page.waitForTimeout(1_000)
    }
    await denoise.goTo('rail_denoise')
    await denoise.openSample()
    await denoise.addNoise()
    await denoise.psnr()
    await screen.open(name)
    await page.waitForTimeout(2_000)
  })
  console.log(`Window during training: ${JSON.stringify(feel)}`)
  await screen.stop()
  expect(feel.scripts).toBeGreaterThan(0)
  expect(feel.longestScript).toBeLessThanOrEqual(50)
  expect(feel.frames.p99).toBeLessThan(400)
  expect(feel.inputs.longest).toBeLessThan(2_000)
})
