/** From an empty library to a trained model by clicks, in both languages and themes, with axe at every stage. */
import { join } from 'node:path'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { expect, test } from '../fixtures'
import { forReadme, inChinese, inEachLook, pictureForReadme } from '../looks'
import { LibraryScreen } from '../pages/libraryScreen'
import { TrainScreen } from '../pages/trainScreen'
import { writeFolder } from '../trainingData'

test.describe.configure({ timeout: 300_000 })

/** Pictures for the README are made of a longer run, and of a model with more to see. */
const epochs = forReadme ? 10 : 2
const recipe = forReadme ? m.recipe_mnist_vae : m.recipe_mnist_autoencoder

const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

test('the MNIST recipe: set up, train, pause, resume, look at it in the library', async ({
  app,
  window,
}) => {
  const { page } = window
  const stage = (name: string) => inEachLook(window, `train-${name}`)
  const screen = new TrainScreen(app, page)
  await screen.open()
  const found = await stage('empty')

  await screen.setUp(recipe)
  await screen.set(m.train_field_epochs, String(epochs))
  if (!forReadme) await screen.choose(m.train_family, m.train_family_mlp_long) // learns in seconds
  const forecast = await screen.forecast()
  expect(forecast.get(m.train_parameters())).toMatch(/\d/)
  found.push(...(await stage('set-up')))

  await screen.start()
  await screen.waitForEpochs(1)
  await expect(screen.preview).toBeVisible()
  await screen.pause()
  const paused = (await screen.epochs()).length
  await screen.resume()
  found.push(...(await stage('running')))
  await screen.waitFor('finished')
  await screen.waitForEpochs(epochs)
  const rows = await screen.epochs()
  expect(rows.map(([epoch]) => epoch)).toEqual(numbered(epochs))
  expect(paused).toBeLessThanOrEqual(epochs)
  const losses = rows.map(([, training]) => Number(training?.replace(',', '')))
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0)
  found.push(...(await stage('done')))
  await pictureForReadme(window, 'train')

  const name = await screen.title()
  await screen.lookInLibrary()
  const library = new LibraryScreen(app, page)
  await expect(library.entry(name)).toBeVisible()
  found.push(...(await inEachLook(window, 'library')))
  expect(found).toEqual([])
})

inChinese((locale) => {
  test('a folder of one’s own: broken files are named, the others are trained on', async ({
    app,
    window,
    folder,
  }) => {
    const { page } = window
    const stage = (name: string) => inEachLook(window, `train-folder-${name}`)
    const own = join(folder, 'spots')
    const broken = writeFolder(own, 120)
    const library = new LibraryScreen(app, page, locale)
    await library.open()
    const found = await inEachLook(window, 'library-empty')

    const screen = new TrainScreen(app, page, locale)
    await screen.open()
    found.push(...(await stage('empty')))
    await screen.setUp(m.recipe_folder_autoencoder)
    await screen.chooseFolder(own)
    await page.getByText(m.train_data_skipped({ count: broken.length }, { locale })).click()
    for (const name of broken) await expect(page.getByText(name).first()).toBeVisible()
    await screen.set(m.train_field_width, '28')
    await screen.set(m.train_field_height, '28')
    await screen.set(m.train_field_latent, '8')
    // it is stopped by hand, however fast the machine: neither its epochs nor its patience end it first
    await screen.set(m.train_field_epochs, '5000')
    await screen.openAdvanced()
    await screen.withoutPatience()
    await screen.set(m.train_field_name, 'my spots')
    await screen.forecast()
    found.push(...(await stage('set-up')))

    await screen.start()
    await screen.waitForEpochs(1)
    found.push(...(await stage('running')))
    await screen.stop()
    found.push(...(await stage('done')))
    await screen.tab('step')
    await screen.lookAtStep()
    found.push(...(await stage('step')))
    for (const tab of ['sweep', 'compare'] as const) {
      await screen.tab(tab)
      found.push(...(await stage(tab)))
    }
    await screen.tab('run')
    await screen.lookInLibrary()
    await expect(library.entry('my spots')).toBeVisible()
    found.push(...(await inEachLook(window, 'library-folder')))
    await library.view('data')
    found.push(...(await inEachLook(window, 'library-data')))
    expect(found).toEqual([])
  })
})
