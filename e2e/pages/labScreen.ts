/** The Lab of the Denoise screen as a person uses it, in either language. Each method is one intention. */
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
import { answerSave } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

export class LabScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale) {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  async open(): Promise<void> {
    await this.#page.getByRole('radio', { name: m.lab_title({}, this.#locale) }).check()
  }

  get methods(): Locator {
    return this.#page
      .getByRole('region', { name: m.lab_methods({}, this.#locale) })
      .getByRole('checkbox')
  }

  get startButton(): Locator {
    return this.#page.getByRole('button', { name: m.lab_start({}, this.#locale), exact: true })
  }

  /** Chooses these methods and no others. */
  async choose(...names: string[]): Promise<void> {
    for (const box of await this.methods.all()) {
      const name = (await box.getAttribute('aria-label')) ?? ''
      await box.setChecked(names.includes(name))
    }
  }

  /** Compares, and waits until every method has ended. */
  async compare(): Promise<void> {
    await this.startButton.click()
    await expect(this.startButton).toBeHidden()
    await expect(this.startButton).toBeVisible({ timeout: 180_000 })
  }

  get table(): Locator {
    return this.#page.getByRole('region', { name: m.lab_table({}, this.#locale) })
  }

  /** PSNR in dB by method, as the table says it. */
  async psnr(): Promise<Map<string, number>> {
    const rows = this.table.getByRole('row').filter({ has: this.#page.getByRole('rowheader') })
    const found = new Map<string, number>()
    for (const row of await rows.all()) {
      const cell = await row.getByRole('cell').filter({ hasText: 'dB' }).innerText()
      found.set(await row.getByRole('rowheader').innerText(), Number.parseFloat(cell))
    }
    return found
  }

  get panes(): Locator {
    return this.#page
      .getByRole('group', { name: m.lab_pictures({}, this.#locale) })
      .getByRole('img')
  }

  async showRemoved(): Promise<void> {
    await this.#page.getByRole('radio', { name: m.lab_removed({}, this.#locale) }).check()
  }

  async showPictures(): Promise<void> {
    await this.#page.getByRole('radio', { name: m.lab_pictures({}, this.#locale) }).check()
  }

  async hide(name: string): Promise<void> {
    await this.table
      .getByRole('checkbox', { name: m.lab_show_picture({ name }, this.#locale) })
      .uncheck()
  }

  get zoom(): Locator {
    return this.#page.getByRole('status', { name: m.viewer_zoom({}, this.#locale) })
  }

  /** Exports the report to `path` and waits until the program says that it is done. */
  async exportTo(path: string): Promise<void> {
    await answerSave(this.#app, path)
    await this.#page.getByRole('button', { name: m.measure_export({}, this.#locale) }).click()
    const name = path.slice(path.lastIndexOf('/') + 1)
    const done = this.#page.getByText(m.measure_exported({ name }, this.#locale))
    await expect(done.first()).toBeVisible()
  }

  /** What a pane shows, as one text. */
  async pixels(index: number): Promise<string> {
    return (await this.panes.nth(index).screenshot()).toString('base64')
  }
}
