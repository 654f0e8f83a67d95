/** Many photos in one go, by clicks and keys, in both languages and themes, with axe at every stage. */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { dropOnto } from '../dropping'
import { expect, test } from '../fixtures'
import { inChinese, inEachLook, pictureForReadme } from '../looks'
import { BatchScreen } from '../pages/batchScreen'
import { DenoiseScreen } from '../pages/denoiseScreen'
import { root } from '../program'

test.describe.configure({ timeout: 240_000 })

/** A small picture with noise, of a width that says whose it is. */
function writeNoisy(path: string, width: number): void {
  const height = 72
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const at = Math.floor(i / 3)
    const [x, y] = [at % width, Math.floor(at / width)]
    return 128 + 80 * Math.sin(x / 15) * Math.cos(y / 20) + ((i * 7919) % 41) - 20
  })
  writeFileSync(path, encode({ width, height, data, channels: 3, depth: 8 }))
}

/** So many take longer than a person, or a test, needs to stop them, on a fast machine too. */
const many = 10

/** Copies of the sample, each of which takes long enough to be stopped in. */
function copySamples(folder: string, count: number): string[] {
  mkdirSync(folder)
  return Array.from({ length: count }, (_, i) => {
    const path = join(folder, `sample ${i}.png`)
    copyFileSync(join(root, 'resources', 'sample', 'astronaut.png'), path)
    return path
  })
}

/** Width and height of a PNG, by its header. */
const sizeOf = (path: string): [number, number] => {
  const bytes = readFileSync(path)
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

inChinese((locale) => {
  test('ten photos of which two are bad: table, failures with their cause, results, report', async ({
    app,
    window,
    folder,
  }) => {
    const { page } = window
    const batch = new BatchScreen(app, page, locale)
    const look = (name: string) => inEachLook(window, `batch-${name}`)
    const photos = join(folder, 'photos')
    mkdirSync(join(photos, 'trip'), { recursive: true })
    const good = Array.from({ length: 8 }, (_, i) => join(i < 4 ? '' : 'trip', `IMG_${i}.png`))
    for (const [i, name] of good.entries()) writeNoisy(join(photos, name), 96 + 8 * i)
    writeFileSync(join(photos, 'notes.jpg'), 'this is no picture')
    writeFileSync(join(photos, 'trip', 'empty.png'), '')
    const before = good.map((name) => readFileSync(join(photos, name)))
    const results = join(folder, 'results')
    mkdirSync(results)

    await batch.open()
    const found = await look('empty')
    await batch.addFolder(photos)
    await expect(batch.rows).toHaveCount(10)
    await expect(batch.button(m.batch_start)).toBeDisabled()
    await batch.chooseResults(results)
    found.push(...(await look('set-up')))

    await batch.button(m.batch_start).click()
    await batch.expectState(m.batch_state_finished)
    await expect(batch.row('notes.jpg')).toContainText(
      m.error_not_an_image({ file: 'notes.jpg' }, { locale }),
    )
    await expect(batch.row('empty.png')).toContainText(
      m.error_file_empty({ file: 'empty.png' }, { locale }),
    )
    await batch.expectDone(8)
    found.push(...(await look('finished')))

    for (const [i, name] of good.entries()) {
      expect(sizeOf(join(results, name))).toEqual([96 + 8 * i, 72])
      expect(readFileSync(join(photos, name)).equals(before[i] as Buffer)).toBe(true)
    }
    const report = join(folder, 'report.json')
    await batch.saveReport(report)
    const { files, totals } = JSON.parse(readFileSync(report, 'utf8')) as {
      files: { state: string }[]
      totals: object
    }
    expect(files).toHaveLength(10)
    expect(totals).toMatchObject({ done: 8, failed: 2, left: 0 })

    const open = m.batch_open_row({ name: good[7] ?? '' }, { locale })
    await page.getByRole('button', { name: open, exact: true }).click()
    await expect(new DenoiseScreen(app, page, locale).viewer).toBeVisible()
    await expect(page.getByRole('heading', { name: 'IMG_7.png' })).toBeVisible()
    expect(found).toEqual([])
  })
})

test('paused, resumed and cancelled by keys alone; what is done stays', async ({
  app,
  window,
  folder,
}) => {
  const { page } = window
  const batch = new BatchScreen(app, page)
  const photos = copySamples(join(folder, 'photos'), many)
  const results = join(folder, 'results')
  mkdirSync(results)
  await dropOnto(page, photos) // several at once are a batch
  await expect(batch.rows).toHaveCount(many)
  await batch.chooseResults(results)
  const press = async (words: Parameters<typeof batch.button>[0]): Promise<void> => {
    await batch.button(words).first().focus()
    await page.keyboard.press('Enter')
  }
  await press(m.batch_start)
  await batch.expectDone(1)
  await press(m.batch_pause)
  await batch.expectState(m.batch_state_paused)
  const paused = readdirSync(results)
  expect(await inEachLook(window, 'batch-paused')).toEqual([])
  await press(m.batch_resume)
  await batch.expectDone(paused.length + 1)
  await pictureForReadme(window, 'batch')
  await press(m.cancel)
  await batch.expectState(m.batch_state_cancelled)
  const left = readdirSync(results)
  expect(left.length).toBeGreaterThan(paused.length)
  expect(left.length).toBeLessThan(many)
  for (const name of left) expect(sizeOf(join(results, name))).toEqual([512, 512])
})

test('a program that is killed over a batch offers the rest at the next start', async ({
  app,
  window,
  folder,
  startAgain,
}) => {
  const batch = new BatchScreen(app, window.page)
  const photos = copySamples(join(folder, 'photos'), many)
  const results = join(folder, 'results')
  mkdirSync(results)
  await batch.open()
  await batch.addPhotos(...photos)
  await expect(batch.rows).toHaveCount(many)
  await batch.chooseResults(results)
  await batch.button(m.batch_start).click()
  await batch.expectDone(2)
  const [first = ''] = readdirSync(results).sort()
  const written = statSync(join(results, first)).mtimeMs
  process.kill(app.process().pid ?? 0, 'SIGKILL')

  const next = await startAgain()
  const again = new BatchScreen(next.app, next.window.page)
  await again.button(m.batch_offer_show).click()
  await again.expectState(m.batch_state_interrupted)
  await expect(again.rows).toHaveCount(many)
  expect(await inEachLook(next.window, 'batch-interrupted')).toEqual([])
  await again.button(m.batch_resume).first().click()
  await again.expectState(m.batch_state_finished)
  const names = readdirSync(results).sort()
  expect(names).toEqual(photos.map((path) => path.slice(path.lastIndexOf('/') + 1)))
  for (const name of names) expect(sizeOf(join(results, name))).toEqual([512, 512])
  expect(statSync(join(results, first)).mtimeMs).toBe(written)
})
