/** One's own noisy photos teach the bundled denoiser, which is then compared with what it was, without a clean photo. */
import { join } from 'node:path'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { expect, test } from '../fixtures'
import { inChinese, inEachLook } from '../looks'
import { LibraryScreen } from '../pages/libraryScreen'
import { TrainScreen } from '../pages/trainScreen'
import { writeNoisyFolder } from '../trainingData'

test.describe.configure({ timeout: 300_000 })

inChinese((locale) => {
  test('noisy photos alone: trained on in the window, compared with the bundled model at the end', async ({
    app,
    window,
    folder,
  }) => {
    const { page } = window
    const stage = (name: string) => inEachLook(window, `noisy-photos-${name}`)
    const own = join(folder, 'noisy')
    writeNoisyFolder(own, 6)
    const screen = new TrainScreen(app, page, locale)
    await screen.open()
    await screen.setUp(m.recipe_noisy_photos)
    await screen.chooseFolder(own)
    await screen.set(m.train_field_patch, '32')
    await screen.set(m.train_field_epochs, '1')
    await screen.openAdvanced()
    await screen.set(m.train_field_batch, '2')
    await screen.set(m.train_field_name, 'my camera')
    await screen.forecast()
    const found = await stage('set-up')

    await screen.start()
    await screen.waitFor('finished', 'my camera')
    await expect(screen.compared).toBeVisible()
    const cells = await screen.compared.getByRole('cell').allInnerTexts()
    const errors = cells.filter((text) => /^\d+\.\d+$/.test(text)).map(Number)
    // of hidden pixels, noise included: no model can be below the noise, and both are near it
    for (const error of errors.slice(0, 2)) {
      expect(error).toBeGreaterThan(19)
      expect(error).toBeLessThan(25)
    }
    await screen.compared.scrollIntoViewIfNeeded()
    found.push(...(await stage('compared')))

    await screen.lookInLibrary()
    const library = new LibraryScreen(app, page, locale)
    await expect(library.entry('my camera')).toBeVisible()
    await screen.compared.scrollIntoViewIfNeeded()
    found.push(...(await stage('library')))
    expect(found).toEqual([])
  })
})
