/** Measurements by clicks, in both languages and themes, with axe at every stage. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { expect, test } from '../fixtures'
import { forReadme, inChinese, inEachLook, pictureForReadme } from '../looks'
import { MeasureScreen } from '../pages/measureScreen'
import { writeAnomalies } from '../trainingData'

test.describe.configure({ timeout: 300_000 })

inChinese((locale) => {
  test('anomalies in folders of one’s own: the threshold is dragged, moved by keys, typed', async ({
    app,
    window,
    folder,
    startAgain,
  }) => {
    const { page } = window
    const look = (name: string) => inEachLook(window, `measure-${name}`)
    const [normal, mixed] = [join(folder, 'spots'), join(folder, 'mixed')]
    writeAnomalies(normal, mixed, 240)
    const screen = new MeasureScreen(app, page, locale)
    await screen.open()
    await expect(screen.startButton).toBeEnabled({ timeout: 60_000 })
    const found = await look('empty')

    const recipe = screen.field(m.measure_field_recipe)
    await screen.choose(m.measure_field_protocol, m.measure_which_one_anomaly)
    await expect(recipe).toHaveText(screen.say(m.recipe_mnist_missing))
    found.push(...(await look('one-anomaly')))
    await screen.choose(m.measure_field_protocol, m.measure_which_folders)
    await expect(recipe).toHaveText(screen.say(m.recipe_mnist_anomaly))
    await screen.chooseFolder(m.train_data_choose_folder, normal)
    await screen.chooseFolder(m.measure_choose_test, mixed)
    await screen.set(m.train_field_width, '28')
    await screen.set(m.train_field_height, '28')
    await screen.choose(m.train_field_channels, m.train_channels_grey)
    await screen.set(m.train_field_latent, '8')
    await screen.set(m.train_field_epochs, '40')
    await expect(screen.startButton).toBeEnabled({ timeout: 60_000 })
    found.push(...(await look('form')))
    await screen.measure()

    const first = await screen.counts()
    expect(first.passed + first.falseAlarms).toBe(60)
    expect(first.missed + first.found).toBe(40)
    await expect(screen.images('below').first()).toBeVisible()
    found.push(...(await look('anomaly')))

    await screen.drag(-400)
    await expect.poll(() => screen.counts()).not.toEqual(first)
    const low = await screen.counts()
    expect(low.falseAlarms).toBeGreaterThan(first.falseAlarms)
    expect(low.found).toBeGreaterThanOrEqual(first.found)
    await screen.press('Home', 1)
    expect(await screen.counts()).toEqual({ passed: 0, falseAlarms: 60, missed: 0, found: 40 })
    await screen.press('PageUp', 4)
    const raised = await screen.counts()
    expect(raised.passed).toBeGreaterThan(0)
    await screen.press('ArrowRight', 40)
    expect((await screen.counts()).passed).toBeGreaterThanOrEqual(raised.passed)
    await screen.type('1000000')
    expect(await screen.counts()).toEqual({ passed: 60, falseAlarms: 0, missed: 40, found: 0 })
    await screen.reset()
    expect(await screen.counts()).toEqual(first)

    const last = screen.images('below').last()
    await last.click()
    await expect(last).toHaveAttribute('aria-pressed', 'true')
    await expect(screen.closeLook).toHaveCount(3)

    const file = join(folder, 'report.html')
    await screen.exportTo(file)
    const html = readFileSync(file, 'utf8')
    expect(html).toContain('<html')
    expect(html).not.toMatch(/src="(?!data:)|href="http/)
    await screen.deleteAndUndo()
    await screen.openReport('anomaly')
    await app.close()

    const again = await startAgain()
    const later = new MeasureScreen(again.app, again.window.page, locale)
    await later.open()
    await expect(later.reports).toHaveCount(1)
    await expect.poll(() => later.counts()).toEqual(first)
    expect(found).toEqual([])
  })
})

test('likelihood of the bundled VAE, with the information in each latent', async ({
  app,
  window,
}) => {
  const { page } = window
  const screen = new MeasureScreen(app, page)
  await screen.open()
  await screen.page('likelihood')
  await screen.set(m.measure_field_samples, '0')
  await expect(screen.startButton).toBeDisabled()
  await screen.set(m.measure_field_samples, '5')
  await expect(screen.startButton).toBeEnabled()
  const found = await inEachLook(window, 'measure-likelihood-form')
  await screen.measure()
  const figures = await screen.figures()
  expect(figures.length).toBeGreaterThanOrEqual(3)
  for (const figure of figures) expect(figure).toMatch(/\d/)
  found.push(...(await inEachLook(window, 'measure-likelihood')))
  const table = await screen.asTable(m.measure_name_kl_per_latent)
  expect(await table.getByRole('row').count()).toBeGreaterThan(2)
  found.push(...(await inEachLook(window, 'measure-table')))
  expect(found).toEqual([])
})

test('data without labels cannot be singled out by label: the form says so', async ({
  app,
  window,
  folder,
}) => {
  const { page } = window
  const normal = join(folder, 'spots')
  writeAnomalies(normal, join(folder, 'mixed'), 60)
  const screen = new MeasureScreen(app, page)
  await screen.open()
  await screen.choose(m.train_field_data, m.train_data_folder)
  await screen.chooseFolder(m.train_data_choose_folder, normal)
  await expect(page.getByText(screen.say(m.measure_problem_labels))).toBeVisible({
    timeout: 60_000,
  })
  await expect(screen.startButton).toBeDisabled()
})

if (forReadme) {
  test('pictures for the README', async ({ app, window }) => {
    const { page } = window
    const screen = new MeasureScreen(app, page)
    await screen.open()
    await screen.choose(m.measure_field_label, () => '3')
    await screen.measure()
    await screen.images('below').first().click()
    await pictureForReadme(window, 'measure')
  })
}
