/** The Library as a person uses it, in either language. Each method is one intention. */
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import { answerOpen, answerSave } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string

export class LibraryScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale = 'en') {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  #say(words: Words): string {
    return words({}, this.#locale)
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('navigation')
      .getByRole('button', { name: this.#say(m.rail_library), exact: true })
      .click()
    await expect(this.#page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  /** Goes to the items, the data sets or the trash. */
  async view(which: 'items' | 'data' | 'trash'): Promise<void> {
    const name = this.#say(m[`library_view_${which}`])
    await this.#page.getByRole('radio', { name: new RegExp(`^${name}`) }).check({ force: true })
  }

  /** What shows the item of that name first. */
  entry(name: string): Locator {
    return this.#page.getByText(name, { exact: true }).first()
  }

  /** Chooses from the menu of an item. */
  async act(name: string, action: Words): Promise<void> {
    await this.#page
      .getByRole('button', { name: m.train_actions({ name }, this.#locale), exact: true })
      .click()
    await this.#page.getByRole('menuitem', { name: this.#say(action), exact: true }).click()
  }

  /** Exports an item to `path`, which the dialog answers with, and waits until that is done. */
  async exportTo(name: string, as: Words, path: string): Promise<void> {
    await answerSave(this.#app, path)
    await this.act(name, as)
    const file = path.slice(path.lastIndexOf('/') + 1)
    const done = m.library_exported({ name: file }, this.#locale)
    await expect(this.#page.getByText(done).first()).toBeVisible()
  }

  /** Imports the file that the dialog answers with. */
  async importFrom(path: string): Promise<void> {
    await answerOpen(this.#app, path)
    await this.#page.getByRole('button', { name: this.#say(m.library_import), exact: true }).click()
  }

  async restore(): Promise<void> {
    await this.#page
      .getByRole('button', { name: this.#say(m.library_restore), exact: true })
      .first()
      .click()
  }

  /** Empties the trash and says yes when asked. */
  async emptyTrash(): Promise<void> {
    const button = (words: Words) =>
      this.#page.getByRole('button', { name: this.#say(words), exact: true })
    await button(m.library_empty_trash).click()
    await button(m.library_empty_do).click()
    await expect(this.#page.getByText(this.#say(m.library_trash_empty))).toBeVisible()
  }
}
