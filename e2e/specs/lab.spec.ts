/** One noisy picture through several methods, by clicks and keys, in both languages and themes, with axe at every stage. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { violations } from '../axe'
import { expect, test } from '../fixtures'
import { inChinese, inEachLook } from '../looks'
import { DenoiseScreen } from '../pages/denoiseScreen'
import { LabScreen } from '../pages/labScreen'
import { openAsReader } from '../program'

test.describe.configure({ timeout: 240_000 })

inChinese((locale) => {
  test.use({ provoked: ['lab.html'] }) // it is opened from the disk

  test('three fast methods on the sample with noise: table, pictures, what was removed, report', async ({
    app,
    window,
    folder,
  }) => {
    const { page } = window
    const words = { locale }
    const names = [m.lab_wavelet, m.lab_bilateral, m.lab_median].map((word) => word({}, words))
    const look = (name: string) => inEachLook(window, `lab-${name}`)
    const denoise = new DenoiseScreen(app, page, locale)
    await denoise.openSample()
    await denoise.addNoise()
    const lab = new LabScreen(app, page, locale)
    await lab.open()
    await expect(lab.methods.first()).toBeVisible()
    await expect(lab.startButton).toBeEnabled() // it changes its colour when the noise is there
    const found = await look('empty')
    await lab.choose(...names)
    await lab.compare()

    const psnr = await lab.psnr()
    const noisy = psnr.get(m.layer_noisy({}, words)) ?? NaN
    expect([...psnr.keys()]).toEqual([m.layer_noisy({}, words), ...names])
    for (const name of names) expect(psnr.get(name)).toBeGreaterThan(noisy + 2)
    await expect(lab.panes).toHaveCount(5) // clean, noisy, and what the three made
    found.push(...(await look('pictures')))

    const fitted = await lab.zoom.innerText()
    const before = await lab.pixels(4)
    await page.keyboard.press('2')
    await expect(lab.zoom).not.toHaveText(fitted)
    await expect.poll(() => lab.pixels(4)).not.toBe(before)
    const zoomed = await lab.pixels(4)
    await lab.showRemoved()
    await expect(lab.panes).toHaveCount(4) // of the noisy picture nothing was removed
    await expect.poll(() => lab.pixels(3)).not.toBe(zoomed)
    found.push(...(await look('removed')))
    await lab.showPictures()
    await lab.hide(names[0] ?? '')
    await expect(lab.panes).toHaveCount(4)

    const file = join(folder, 'lab.html')
    await lab.exportTo(file)
    const html = readFileSync(file, 'utf8')
    expect(html).not.toMatch(/<script|(src|href)="(?!data:image\/png;base64,)|url\(/)
    const report = await openAsReader(app, file)
    await expect(report.locator('html')).toHaveAttribute('lang', locale)
    const first = report.getByRole('row').getByRole('rowheader')
    await expect(first).toHaveText([m.layer_noisy({}, words), ...names])
    const loaded = report.getByRole('img')
    await expect(loaded).toHaveCount(3 * 5 - 1) // detail, removed, whole; nothing was removed of the noisy one
    for (const picture of await loaded.all()) {
      const width = picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)
      expect(await width).toBeGreaterThan(100)
    }
    found.push(...(await violations(report, `lab-report-light-${locale}`)))
    expect(found).toEqual([])
  })
})

test('our models with them, cancelled by Escape, begun again', async ({ app, window }) => {
  const { page } = window
  const denoise = new DenoiseScreen(app, page)
  await denoise.openSample()
  await denoise.addNoise()
  const lab = new LabScreen(app, page, 'en')
  await lab.open()
  await expect(lab.methods.first()).toBeVisible()
  await lab.startButton.click()
  await expect(
    page.getByRole('progressbar', { name: /^(Comparing|astronaut.png: )/ }),
  ).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(lab.startButton).toBeVisible()
  await lab.compare()
  const psnr = await lab.psnr()
  const [, ours = NaN, ...others] = psnr.values()
  for (const other of others) expect(ours).toBeGreaterThan(other)
  await violations(page, 'lab-all-dark-en')
})
