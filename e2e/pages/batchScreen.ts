/** The batch of the Denoise screen as a person uses it, in either language. Each method is one intention. */
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
import { answerOpen, answerSave } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string

export class BatchScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale = 'en') {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  button(words: Words): Locator {
    return this.#page.getByRole('button', { name: words({}, this.#locale), exact: true })
  }

  async #answer(filePaths: readonly string[]): Promise<void> {
    await answerOpen(this.#app, ...filePaths)
  }

  /** Opens it from the empty Denoise screen. */
  async open(): Promise<void> {
    await this.button(m.batch_open).click()
  }

  async addPhotos(...paths: string[]): Promise<void> {
    await this.#answer(paths)
    await this.button(m.batch_add_photos).first().click()
  }

  async addFolder(path: string): Promise<void> {
    await this.#answer([path])
    await this.button(m.batch_add_folder).first().click()
  }

  async chooseResults(path: string): Promise<void> {
    await this.#answer([path])
    await this.button(m.batch_choose_folder).click()
  }

  /** Saves the report to `path` and waits until the program says that it is done. */
  async saveReport(path: string): Promise<void> {
    await answerSave(this.#app, path)
    await this.button(m.batch_report).click()
    const name = path.slice(path.lastIndexOf('/') + 1)
    await expect(this.#page.getByText(m.export_done({ name }, this.#locale)).first()).toBeVisible()
  }

  /** The rows of the table, without its head. */
  get rows(): Locator {
    return this.#page
      .getByRole('table', { name: m.batch_table({}, this.#locale) })
      .getByRole('row')
      .filter({ has: this.#page.getByRole('rowheader') })
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name })
  }

  /** Waits until the inspector says this of the batch. */
  async expectState(words: Words): Promise<void> {
    const section = this.#page.getByRole('region', { name: m.batch_progress({}, this.#locale) })
    await expect(section.getByText(words({}, this.#locale), { exact: true }).first()).toBeVisible({
      timeout: 120_000,
    })
  }

  /** Waits until so many rows are done. */
  async expectDone(count: number): Promise<void> {
    const done = this.rows.filter({ has: this.#page.getByRole('button') })
    await expect.poll(() => done.count(), { timeout: 120_000 }).toBeGreaterThanOrEqual(count)
  }
}
