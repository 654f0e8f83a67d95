/** From an empty screen to a map by one click, in both languages and themes; and what drawing 60,000 points costs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { violations } from '../axe'
import { expect, test } from '../fixtures'
import { forReadme, inChinese, inEachLook, pictureForReadme } from '../looks'
import { LibraryScreen } from '../pages/libraryScreen'
import { MapScreen } from '../pages/mapScreen'
import { watch } from '../responsiveness'

test.describe.configure({ timeout: 300_000 })

const testImages = 10_000

/** The Map screen with the test images by their codes, from the one click of its empty state. */
async function mapped(page: Page): Promise<MapScreen> {
  const screen = new MapScreen(page)
  await screen.open()
  await screen.start()
  await screen.waitFor('codes', testImages)
  return screen
}

inChinese((locale) => {
  test('one click maps the digits; points are opened, places decoded, some selected', async ({
    window,
  }) => {
    const { page } = window
    const look = (name: string) => inEachLook(window, `map-${name}`)
    const screen = new MapScreen(page, locale)
    await screen.open()
    await expect(screen.startButton).toBeEnabled()
    const found = await look('empty')
    await screen.start()
    await screen.waitFor('codes', testImages)
    const [trustworthiness] = await screen.figures('codes')
    expect(trustworthiness).toBeGreaterThan(0.8)
    await screen.figures('pixels-pca') // the baseline comes by itself
    found.push(...(await look('codes')))

    await screen.point(0.5, 0.5)
    await screen.click(0.03, 0.5)
    await expect(screen.decoded).toBeVisible()
    await expect(screen.neighbours).toHaveCount(12)
    await screen.find(7)
    await expect(screen.neighbours).toHaveCount(12)
    await screen.neighbours.first().click()
    await expect(screen.pair(7)).toBeHidden()
    await expect(screen.neighbours).toHaveCount(12)

    await screen.lasso(0.12)
    expect(await screen.selected()).toBeGreaterThan(20)
    const sheet = screen.say(m.map_selection_sheet)
    await expect(screen.inspector.getByRole('img', { name: sheet })).toBeVisible()
    found.push(...(await look('selected')))

    await screen.toggleLabel('1')
    await screen.view('table')
    await expect(screen.table.getByRole('row').nth(5)).toBeVisible()
    const rows = await screen.table.getAttribute('aria-rowcount')
    expect(Number(rows)).toBe(testImages - 1135 + 1) // 1,135 ones, and the head
    found.push(...(await look('table')))
    await screen.view('map')
    await screen.colour(m.map_colour_error)
    found.push(...(await look('error')))
    expect(found).toEqual([])
  })
})

test('another model has components and UMAP, which can be cancelled, here or from elsewhere, and then comes', async ({
  app,
  window,
}) => {
  const { page } = window
  const screen = await mapped(page)
  await screen.choose(m.map_model, 'digits-vae')
  await screen.waitFor('pca', testImages)
  await screen.arrange('umap')
  await expect(screen.progress).toBeVisible()
  await screen.cancel()
  await expect(screen.arrangement('pca')).toBeChecked()

  await screen.arrange('umap')
  await new LibraryScreen(app, page).open()
  await expect(screen.progressElsewhere('digits-vae')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(screen.progressElsewhere('digits-vae')).toBeHidden()
  await screen.open()
  await expect(screen.arrangement('pca')).toBeChecked()
  await expect(screen.progress).toBeHidden()

  await screen.arrange('umap')
  const found = await inEachLook(window, 'map-making')
  await screen.waitFor('umap', testImages)
  const [umap] = await screen.figures('umap')
  const [pixels] = await screen.figures('pixels-pca')
  expect(umap).toBeGreaterThan(pixels ?? 1)
  found.push(...(await inEachLook(window, 'map-umap')))
  if (forReadme) {
    await screen.find(18)
    await screen.lasso(0.1)
    await screen.point(0.02, 0.9)
    await pictureForReadme(window, 'map')
  }
  // the one before is shown at once
  await screen.arrange('pca')
  await screen.waitFor('pca', testImages)
  expect(found).toEqual([])
})

test('the keyboard alone reads, opens, decodes and selects', async ({ window }) => {
  const { page } = window
  const screen = await mapped(page)
  await screen.surface.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  const said = page.getByText(/^Image \d+, label \d, error /)
  for (let step = 0; step < 60 && (await said.count()) === 0; step += 1)
    await page.keyboard.press('ArrowUp')
  const index = Number(/\d+/.exec((await said.first().textContent()) ?? '')?.[0])
  await page.keyboard.press('Space')
  expect(await screen.selected()).toBe(1)
  await page.keyboard.press('Enter')
  await expect(screen.pair(index)).toBeVisible()
  for (let step = 0; step < 40; step += 1) await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(screen.decoded).toBeVisible()
})

/** Runs in the page: as if there were no WebGL. */
const withoutWebgl = `(() => {
  const { getContext } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === 'webgl' ? null : getContext.call(this, kind, ...rest)
  }
})()`

test('60,000 points are panned and zoomed with at most 33 ms of script a frame, by WebGL and without it', async ({
  app,
  window,
  folder,
}) => {
  const { page } = window
  const screen = await mapped(page)
  await screen.choose(m.map_part, m.map_part_training())
  await screen.waitFor('codes', testImages)
  await screen.choose(m.map_points, /60,?000/)
  await screen.waitFor('codes', 60_000)
  await screen.figures('pixels-pca')
  const box = await screen.surface.boundingBox()
  if (!box) throw new Error('the map is not there')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  for (const painter of ['webgl', 'canvas'] as const) {
    if (painter === 'canvas') {
      await page.evaluate(withoutWebgl)
      await new LibraryScreen(app, page).open()
      await screen.open()
      await screen.waitFor('codes', 60_000)
    }
    await expect(screen.surface).toHaveAttribute('data-painter', painter)
    const path = join(folder, `trace ${painter}.json`)
    const feel = await watch(app, page, path, async () => {
      await page.mouse.move(x, y)
      for (let turn = 0; turn < 8; turn += 1) await page.mouse.wheel(0, -240)
      await page.mouse.down()
      await page.mouse.move(x + 200, y - 120, { steps: 40 })
      await page.mouse.up()
      for (let turn = 0; turn < 8; turn += 1) await page.mouse.wheel(0, 240)
      await page.mouse.move(x - 180, y + 90, { steps: 40 })
    })
    console.log(
      `60,000 points by ${painter}: longest script ${feel.longestScript.toFixed(1)} ms` +
        ` (${feel.longestScriptWall.toFixed(1)} ms by the clock), frames ${JSON.stringify(feel.frames)}`,
    )
    expect(readFileSync(path).length).toBeGreaterThan(0)
    expect(feel.longestScript).toBeLessThanOrEqual(33)
    await violations(page, `map-60000-${painter}`)
  }
})
