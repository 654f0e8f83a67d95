/** From an empty screen to pictures by one click, and between the user's own pictures; in both languages and themes. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import type { ElectronApplication } from '@playwright/test'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { answerOpen, answerSave } from '../dialogs'
import { expect, test } from '../fixtures'
import { inChinese, inEachLook, pictureForReadme } from '../looks'
import { GenerateScreen } from '../pages/generateScreen'
import { MeasureScreen } from '../pages/measureScreen'
import { MapScreen } from '../pages/mapScreen'
import { root } from '../program'

test.describe.configure({ timeout: 180_000 })

/** A ring or a bar, white on black, larger than a digit. */
function drawing(folder: string, name: string, isWhite: (x: number, y: number) => boolean): string {
  const side = 96
  const data = Uint8Array.from({ length: side * side }, (_, i) =>
    isWhite((i % side) - side / 2, Math.floor(i / side) - side / 2) ? 255 : 0,
  )
  const path = join(folder, name)
  writeFileSync(path, encode({ width: side, height: side, data, channels: 1, depth: 8 }))
  return path
}

/** What the system's dialogs answer. */
async function answer(app: ElectronApplication, open: string[], save: string): Promise<void> {
  await answerOpen(app, ...open)
  await answerSave(app, save)
}

test('samples, walks between own pictures by mouse and keyboard, exports', async ({
  window,
  app,
  folder,
}) => {
  const { page } = window
  const look = (name: string) => inEachLook(window, `generate-${name}`)
  const screen = new GenerateScreen(page)
  await screen.open()
  await expect(screen.button(m.generate_empty_start)).toBeEnabled()
  const found = await look('empty')

  await screen.start()
  const samples = screen.gallery(m.generate_tab_sample, 64)
  await expect(samples.getByRole('button')).toHaveCount(64)
  await samples.getByRole('button').nth(10).click()
  await page.keyboard.press('ArrowRight')
  await expect(samples.getByRole('button').nth(11)).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(samples.getByRole('button').nth(19)).toBeFocused()
  found.push(...(await look('sample')))

  const sheet = join(folder, 'sheet.png')
  await answer(app, [], sheet)
  await screen.button(m.generate_export_sheet).click()
  await expect(page.getByText('sheet.png')).toBeVisible()
  await screen.dismiss()
  const command = join(folder, 'command.png')
  const cli = spawnSync(process.execPath, [
    ...[join(root, 'out/main/cli.js'), 'sample', 'digits-vae', '--seed', '0'],
    ...['--count', '64', '--out', command],
  ])
  expect(cli.status, cli.stderr.toString()).toBe(0)
  expect(readFileSync(sheet).equals(readFileSync(command))).toBe(true)

  await screen.from(m.generate_mixture)
  await expect(screen.making).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(screen.making).toBeHidden()
  await expect(screen.origin).toContainText(screen.say(m.generate_prior))
  await expect(samples).toBeVisible()
  await screen.from(m.generate_mixture)
  await expect(screen.making).toBeVisible()
  await expect.poll(() => screen.making.getAttribute('aria-valuenow')).not.toBe('0')
  found.push(...(await look('mixture')))
  await expect(screen.making).toBeHidden({ timeout: 60_000 })
  await expect(screen.origin).toContainText(screen.say(m.generate_mixture))
  await screen.from(m.generate_prior)

  await screen.show(m.generate_tab_interpolate)
  const ring = drawing(folder, 'ring.png', (x, y) => Math.abs(Math.hypot(x, y) - 26) < 5)
  const bar = drawing(folder, 'bar.png', (x, y) => Math.abs(x) < 5 && Math.abs(y) < 34)
  const animation = join(folder, 'walk.png')
  await answer(app, [ring, bar], animation)
  await screen.button(m.generate_add_files).click()
  await expect(screen.gallery(m.generate_tab_interpolate, 9)).toBeVisible()
  await expect(screen.live).toBeVisible()
  const start = await screen.livePixels()
  const box = await screen.scrubber.boundingBox()
  if (!box) throw new Error('the scrubber has no place')
  await page.mouse.move(box.x + 8, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 })
  await page.mouse.up()
  await expect.poll(() => screen.livePixels()).not.toBe(start)
  const middle = await screen.livePixels()
  await screen.scrubber.focus()
  await page.keyboard.press('End')
  await expect.poll(() => screen.livePixels()).not.toBe(middle)
  found.push(...(await look('interpolate')))
  await pictureForReadme(window, 'generate')
  await screen.button(m.generate_export_animation).click()
  await expect(page.getByText('walk.png')).toBeVisible()
  await screen.dismiss()
  expect(readFileSync(animation).includes('acTL')).toBe(true)

  await screen.show(m.generate_tab_traverse)
  await expect(screen.gallery(m.generate_tab_traverse, 90)).toBeVisible()
  await expect(screen.live).toBeVisible()
  found.push(...(await look('traverse')))
  await screen.choose(m.generate_model, 'digits-vae-2d')
  await screen.show(m.generate_tab_manifold)
  await expect(screen.gallery(m.generate_tab_manifold, 400)).toBeVisible()
  found.push(...(await look('manifold')))
  await page.getByRole('switch', { name: screen.say(m.generate_posteriors) }).check()
  await expect(
    page.getByRole('img', { name: screen.say(m.generate_posteriors_long) }),
  ).toBeVisible()
  found.push(...(await look('posteriors')))

  await answer(app, [sheet], sheet)
  await screen.button(m.generate_open_sheet).click()
  await expect(screen.gallery(m.generate_tab_sample, 64)).toBeVisible()

  await screen.button(m.library_use_measure).click()
  const measure = new MeasureScreen(app, page)
  await expect(measure.field(m.measure_field_model)).toContainText('digits-vae')
  await expect(measure.startButton).toBeEnabled()
  expect(found).toEqual([])
})

inChinese((locale) => {
  test('chooses images of the data by page, label and number for points and groups, and takes it back', async ({
    window,
    app,
    folder,
  }) => {
    const { page } = window
    const look = (name: string) => inEachLook(window, `generate-${name}`)
    const screen = new GenerateScreen(page, locale)
    await screen.open()
    await screen.start()
    await screen.gallery(m.generate_tab_sample, 64).getByRole('button').nth(3).click()
    await screen.show(m.generate_tab_interpolate)
    await screen.button(m.generate_browse).click()
    await expect(screen.browsed(0)).toBeVisible()
    await screen.browsed(0).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await expect(screen.browsed(1)).toHaveAttribute('aria-pressed', 'true')
    await page.keyboard.press('PageDown')
    await expect(screen.browsed(72)).toBeFocused()
    await screen.browseTo(1234)
    await page.keyboard.press('Space')
    await screen.browseLabel('7')
    await expect(screen.browsed(0)).toBeVisible() // the first test image is a seven
    await expect(screen.browsed(1)).toBeHidden()
    await screen.browsed(0).click()
    await expect(screen.browser.locator('canvas')).toHaveCount(72) // a page of sevens
    const found = await look('browser')
    await screen.useBrowsed()
    await expect(screen.gallery(m.generate_tab_interpolate, 18)).toBeVisible()
    await expect(screen.points(m.generate_anchors)).toHaveCount(3)
    found.push(...(await look('chosen')))

    await page.keyboard.press('Control+z')
    await expect(screen.points(m.generate_anchors)).toHaveCount(0)
    await page.keyboard.press('Control+Shift+z')
    await expect(screen.gallery(m.generate_tab_interpolate, 18)).toBeVisible()
    await screen.button(m.undo).click()
    await expect(screen.points(m.generate_anchors)).toHaveCount(0)

    const ring = drawing(folder, 'ring.png', (x, y) => Math.abs(Math.hypot(x, y) - 26) < 5)
    const bar = drawing(folder, 'bar.png', (x, y) => Math.abs(x) < 5 && Math.abs(y) < 34)
    await screen.drop([ring, bar])
    await expect(screen.gallery(m.generate_tab_interpolate, 9)).toBeVisible()

    await screen.show(m.generate_tab_arithmetic)
    await expect(screen.gallery(m.generate_tab_arithmetic, 7)).toBeVisible()
    for (const sign of [m.generate_plus, m.generate_minus]) {
      await screen.choose(sign, screen.say(m.generate_by_hand))
      await screen.button(m.generate_browse).last().click()
      await screen.browseLabel(sign === m.generate_plus ? '4' : '9')
      await screen.browser.getByRole('group').getByRole('button').nth(2).click()
      await screen.browser.getByRole('group').getByRole('button').nth(5).click()
      await screen.useBrowsed()
      await expect(screen.group(sign)).toHaveCount(2)
    }
    await expect(screen.gallery(m.generate_tab_arithmetic, 7)).toBeVisible()
    await screen.button(m.generate_base_choose).click()
    await screen.browsed(6).click() // a four
    await screen.useBrowsed()
    await expect(screen.button(m.generate_base_reset)).toBeVisible()
    found.push(...(await look('groups')))

    await screen.gallery(m.generate_tab_arithmetic, 7).getByRole('button').nth(4).click()
    const picture = join(folder, 'one.png')
    await answer(app, [], picture)
    await screen.button(m.generate_save_picture).click()
    await expect(page.getByText('one.png')).toBeVisible()
    await screen.dismiss()
    const { width, height } = decode(readFileSync(picture))
    expect([width, height]).toEqual([280, 280])

    await screen.button(m.generate_to_map).click()
    const map = new MapScreen(page, locale)
    await map.waitFor('pca', 10_000)
    await expect(map.sent(m.map_sent_pca)).toBeVisible()
    await expect(map.neighbours).toHaveCount(12)
    found.push(...(await look('on-map')))
    const codes = join(folder, 'codes.npy')
    await answer(app, [], codes)
    await map.exportCodes('NPY')
    await expect(page.getByText('codes.npy')).toBeVisible()
    expect(readFileSync(codes)).toHaveLength(128 + 10_000 * 20 * 4)
    expect(readFileSync(join(folder, 'codes.labels.npy'))).toHaveLength(128 + 10_000)
    expect(found).toEqual([])
  })
})
