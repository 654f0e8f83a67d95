/** Kinds of noise that a model has not learned, in the real program: they are told, and what fits is offered. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, test } from '../fixtures'
import { inChinese, inEachLook } from '../looks'
import { DenoiseScreen, type Locale } from '../pages/denoiseScreen'

test.describe.configure({ timeout: 180_000 })

/** A grey picture saved in colour, with noise: the same in all three channels. */
function writeGreyInColour(path: string, width = 480, height = 360): void {
  const data = new Uint8Array(3 * width * height)
  let state = 1
  const byte = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  for (let pixel = 0; pixel < width * height; pixel++) {
    const noise = ((byte() + byte() + byte() + byte() - 510) / 147.8) * 15
    const value = 70 + ((pixel % width) >> 2) + noise
    data.fill(Math.round(Math.min(255, Math.max(0, value))), 3 * pixel, 3 * pixel + 3)
  }
  writeFileSync(path, encode({ width, height, data, channels: 3, depth: 8 }))
}

function stories(locale: Locale): void {
  test('salt and pepper is replaced before the model, and told', async ({ app, window }) => {
    const screen = new DenoiseScreen(app, window.page, locale)
    await screen.openSample()
    await screen.chooseNoise('noise_salt_pepper')
    await screen.addNoise()
    const { noisy, denoised } = await screen.psnr()
    expect(await screen.impulses()).toBeGreaterThan(3)
    expect(denoised).toBeGreaterThan(noisy + 15)
    expect(await inEachLook(window, 'impulses')).toEqual([])
  })

  test('of a model that has not learned the noise, the one that has is offered', async ({
    app,
    window,
    folder,
  }) => {
    const screen = new DenoiseScreen(app, window.page, locale)
    const path = join(folder, 'grey in colour.png')
    writeGreyInColour(path)
    await screen.open(path)
    await screen.result()
    await screen.chooseModel('Colour 1.0')
    await expect(screen.foreign('Colour 1.0', 'Grey 1.0')).toBeVisible()
    await expect(screen.foreignReason('Colour 1.0')).toBeVisible({ timeout: 60_000 })
    await screen.result()
    expect(await inEachLook(window, 'foreign')).toEqual([])
    await screen.takeSuited('Grey 1.0')
    await expect(screen.foreign('Colour 1.0', 'Grey 1.0')).toBeHidden()
  })
}

stories('en')
inChinese(stories)
