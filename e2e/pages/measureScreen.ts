/** The Measure screen as a person uses it, in either language. Each method is one intention. */
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import { answerOpen, answerSave } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string
type PageName = 'anomaly' | 'compress' | 'features' | 'likelihood'

/** What the table of the threshold counts. */
export interface Counts {
  passed: number
  falseAlarms: number
  missed: number
  found: number
}

export class MeasureScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale = 'en') {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  say(words: Words): string {
    return words({}, this.#locale)
  }

  #button(words: Words): Locator {
    return this.#page.getByRole('button', { name: this.say(words), exact: true })
  }

  get inspector(): Locator {
    return this.#page.getByRole('complementary', { name: this.say(m.inspector) })
  }

  async open(): Promise<void> {
    const rail = this.#page.getByRole('navigation')
    await rail.getByRole('button', { name: this.say(m.rail_measure), exact: true }).click()
    await expect(
      this.#page.getByRole('radiogroup', { name: this.say(m.measure_pages) }),
    ).toBeVisible()
  }

  async page(which: PageName): Promise<void> {
    const name = this.say(m[`measure_page_${which}`])
    await this.#page.getByRole('radio', { name, exact: true }).check({ force: true })
  }

  /** A field of the form with several values to choose from. */
  field(label: Words): Locator {
    return this.inspector.getByRole('combobox', { name: this.say(label), exact: true })
  }

  /** Chooses one of several values of the form. */
  async choose(field: Words, option: Words): Promise<void> {
    await this.field(field).click()
    await this.#page.getByRole('option', { name: this.say(option), exact: true }).click()
  }

  async set(field: Words, value: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: this.say(field), exact: true }).fill(value)
  }

  /** Chooses a folder by the button of that name, in the dialog, which answers with `path`. */
  async chooseFolder(button: Words, path: string): Promise<void> {
    await answerOpen(this.#app, path)
    await this.#button(button).click()
    const name = path.slice(path.lastIndexOf('/') + 1)
    await expect(this.inspector.getByRole('button', { name, exact: true })).toBeVisible()
  }

  get startButton(): Locator {
    return this.inspector.getByRole('button', { name: this.say(m.measure_start), exact: true })
  }

  /** Measures what the form says and waits for the report. */
  async measure(): Promise<void> {
    await this.startButton.click()
    await expect(this.report).toBeVisible({ timeout: 240_000 })
  }

  get report(): Locator {
    return this.#page.getByRole('region', { name: this.say(m.measure_report), exact: true })
  }

  /** The figures as text, one a card. */
  figures(): Promise<string[]> {
    const list = this.#page.getByRole('list', { name: this.say(m.measure_figures) })
    return list.getByRole('listitem').allInnerTexts()
  }

  get threshold(): Locator {
    return this.report.getByRole('slider', { name: this.say(m.measure_threshold) })
  }

  get typedThreshold(): Locator {
    return this.inspector.getByRole('spinbutton', { name: this.say(m.measure_threshold) })
  }

  async counts(): Promise<Counts> {
    const table = this.inspector.getByRole('table', { name: this.say(m.measure_confusion) })
    const rows = table.getByRole('row').filter({ has: this.#page.getByRole('rowheader') })
    const cells = await rows.getByRole('cell').allInnerTexts()
    const [passed = NaN, falseAlarms = NaN, missed = NaN, found = NaN] = cells.map((text) =>
      Number(text.replaceAll(',', '')),
    )
    return { passed, falseAlarms, missed, found }
  }

  /** Takes hold of the threshold and drags it by so many pixels. */
  async drag(by: number): Promise<void> {
    const box = await this.threshold.boundingBox()
    if (!box) throw new Error('the threshold is not to be seen')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const { mouse } = this.#page
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + by, y, { steps: 8 })
    await mouse.up()
  }

  async press(key: string, times: number): Promise<void> {
    await this.threshold.focus()
    for (let pressed = 0; pressed < times; pressed += 1) await this.#page.keyboard.press(key)
  }

  async type(value: string): Promise<void> {
    await this.typedThreshold.fill(value)
    await this.typedThreshold.press('Enter')
  }

  async reset(): Promise<void> {
    await this.#button(m.measure_reset).click()
  }

  /** The images just below or just above the threshold. */
  images(side: 'below' | 'above'): Locator {
    const name = this.say(m[`measure_${side}`])
    return this.report.getByRole('region', { name }).getByRole('button')
  }

  /** The chosen image: itself, its reconstruction, its error. */
  get closeLook(): Locator {
    return this.report.getByRole('group', { name: this.say(m.measure_close) }).getByRole('img')
  }

  /** A chart as a table, by its name. */
  async asTable(chart: Words): Promise<Locator> {
    const name = this.say(chart)
    await this.#page
      .getByRole('button', { name: m.measure_as_table_named({ name }, this.#locale), exact: true })
      .click()
    return this.#page.getByRole('region', { name, exact: true }).getByRole('table')
  }

  /** Exports the report to `path`, which the dialog answers with, and waits until that is done. */
  async exportTo(path: string): Promise<void> {
    await answerSave(this.#app, path)
    await this.#button(m.measure_export).click()
    const name = path.slice(path.lastIndexOf('/') + 1)
    await expect(this.#page.getByText(m.measure_exported({ name }, this.#locale))).toBeVisible()
  }

  /** Rows of the kept reports. */
  get reports(): Locator {
    const table = this.#page.getByRole('region', { name: this.say(m.measure_reports), exact: true })
    return table.getByRole('row').filter({ has: this.#page.getByRole('rowheader') })
  }

  /** Deletes the report that is shown, and takes that back. */
  async deleteAndUndo(): Promise<void> {
    const before = await this.reports.count()
    await this.#button(m.measure_delete).click()
    await expect(this.reports).toHaveCount(before - 1)
    await this.#button(m.undo).click()
    await expect(this.reports).toHaveCount(before)
  }

  async openReport(which: PageName): Promise<void> {
    const name = this.say(m[`measure_page_${which}`])
    await this.reports.getByRole('button', { name, exact: true }).first().click()
    await expect(this.report).toBeVisible()
  }

  get alert(): Locator {
    return this.#page.getByRole('alert')
  }
}
